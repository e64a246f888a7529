import { emailOf, fullName, lastNameOf, type Contract, type Person } from './organisation.ts';

/** HelloID as far as the demo needs it: it says what it wants, and remembers the references it was given. */
export interface HelloId {
  /** Grants an account, and as HelloID does, updates at once one that was there already. */
  create(person: Person): Promise<Outcome>;
  /** A create whose answer never arrives, as when HelloID's 30 seconds are over: it cannot know what became of it. */
  createUnanswered(person: Person): Promise<void>;
  update(person: Person): Promise<Outcome>;
  /** Revokes the access; the account stays. */
  disable(person: Person): Promise<Outcome>;
  /** Revokes the account, and forgets the reference. */
  remove(person: Person): Promise<Outcome>;
}

/** The part of the outputContext that the story is about. */
export interface Outcome {
  Success: boolean;
  AccountReference: string;
  AccountCorrelated: boolean;
  AuditLogs: { Action: string; Message: string; IsError: boolean }[];
}

/** Calls the connector at `address` (without `/api`) as the scripts of the HelloID kit do. */
export function helloId(address: string, agentKey: string, signal: AbortSignal): HelloId {
  const references = new Map<string, string>();

  function post(action: string, person: Person, account: 'known' | 'new'): Promise<Response> {
    const reference = account === 'known' ? (references.get(person.externalId) ?? null) : null;
    return fetch(`${address}/api/helloid/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-functions-key': agentKey },
      body: JSON.stringify(requestBody(person, reference)),
      signal,
    });
  }

  async function act(action: string, person: Person, account: 'known' | 'new'): Promise<Outcome> {
    const response = await post(action, person, account);
    const outcome = (await response.json()) as Outcome & { message?: string };
    if (!response.ok)
      throw new Error(`${action} of ${person.externalId} was answered ${response.status}: ${outcome.message ?? ''}`);
    if (!outcome.Success)
      throw new Error(
        `${action} of ${person.externalId} failed: ${outcome.AuditLogs.map(({ Message }) => Message).join('; ')}`,
      );
    return outcome;
  }

  return {
    async create(person) {
      const outcome = await act('create', person, 'new');
      references.set(person.externalId, outcome.AccountReference);
      if (outcome.AccountCorrelated) await act('update', person, 'known');
      return outcome;
    },
    async createUnanswered(person) {
      const response = await post('create', person, 'new');
      await response.body?.cancel();
    },
    update: (person) => act('update', person, 'known'),
    disable: (person) => act('disable', person, 'known'),
    async remove(person) {
      const outcome = await act('delete', person, 'known');
      references.delete(person.externalId);
      return outcome;
    },
  };
}

/** What HelloID sends with an action; `reference` is null while it holds no account for this person. */
export function requestBody(person: Person, reference: string | null) {
  const { externalId, username } = person;
  return {
    actionContext: {
      DryRun: false,
      Operation: 'undefined',
      Data: accountData(person),
      CorrelationConfiguration: {
        Enabled: true,
        PersonField: 'Person.ExternalId',
        PersonFieldValue: externalId,
        AccountField: 'externalId',
        AccountFieldValue: externalId,
      },
      AccountCorrelated: false,
      References: { Account: reference, ManagerAccount: null },
      Origin: 'enforcement',
    },
    personContext: {
      Person: {
        ExternalId: externalId,
        DisplayName: `${fullName(person)} (${externalId})`,
        Name: {
          NickName: person.firstName,
          FamilyName: person.family.name,
          FamilyNamePrefix: person.family.prefix,
          FamilyNamePartner: person.partner?.name ?? null,
          FamilyNamePartnerPrefix: person.partner?.prefix ?? null,
          Convention: person.convention,
        },
        Details: { Gender: person.gender },
        Accounts: { MicrosoftActiveDirectory: { sAMAccountName: username, mail: emailOf(person) } },
        Contracts: person.contracts.map(contractBody),
      },
    },
  };
}

/** The account fields as HelloID's field mapping gives them. */
export function accountData(person: Person) {
  const { prefix, name } = lastNameOf(person);
  return {
    externalId: person.externalId,
    email: emailOf(person),
    voornaam: person.firstName,
    tussenvoegsel: prefix,
    achternaam: name,
    gender: person.gender,
    gebruikersnaam: person.username,
  };
}

function contractBody({ id, inConditions, start, end, department, title }: Contract) {
  return {
    Context: { InConditions: inConditions },
    ExternalId: id,
    StartDate: `${start}T00:00:00Z`,
    EndDate: end === null ? null : `${end}T00:00:00Z`,
    Department: { DisplayName: department.name, ExternalId: department.code },
    Title: { Name: title.name, Code: title.code, ExternalId: title.code },
  };
}
