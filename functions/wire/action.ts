import { fieldNames, fixedFields, type FixedField, type Wanted } from '../../shared/domain/account.ts';
import type { Contract } from '../../shared/domain/contracts.ts';
import { correlationFields, type Correlation } from '../../shared/domain/decide-create.ts';
import { isBlank } from '../../shared/domain/text.ts';
import type { Policy } from '../../shared/policy.ts';
import type { HttpRequest } from '../http.ts';
import { readBody, type Members } from './body.ts';
import { contractOf, contractShape } from './contract.ts';
import { PersonNumber, personNumberOf } from './person-number.ts';
import { Reference, referenceOf } from './reference.ts';
import { Flag, list, memberOf, members, readShape, Text } from './shape.ts';

/** The names the request used for each of our fields, so that the answer can use them too; gender has two names. */
export type UsedNames = Partial<Record<string, string[]>>;

/** A HelloID account action, in our terms. */
export interface AccountAction {
  reference: string | null;
  wanted: Wanted;
  names: UsedNames;
  correlation: Correlation;
  /** Null: not sent. */
  contracts: Contract[] | null;
  /** `Data.externalId` and `Person.ExternalId`; null: not sent. */
  number: string | null;
  person: string | null;
  origin: string | null;
  dryRun: boolean;
}

/** Reads account actions as this policy's fields and contract paths have them; made once per app. */
export type ActionReader = (request: HttpRequest) => Promise<AccountAction>;

export function actionReader(policy: Policy): ActionReader {
  const extraNames = policy.fields.map(({ name }) => name);
  const shape = actionShape(policy);
  return async (request) => {
    const body = await readBody(request);
    const { actionContext, personContext } = readShape(shape, body);
    const data = actionContext.Data ?? {};
    return {
      reference: referenceOf(actionContext.References?.Account),
      wanted: wantedOf(data, extraNames),
      names: usedNames(body, extraNames),
      correlation: correlationOf(actionContext.CorrelationConfiguration ?? undefined),
      contracts: personContext?.Person?.Contracts?.map((contract) => contractOf(contract, policy)) ?? null,
      number: isBlank(data.externalId) ? null : (data.externalId ?? null),
      person: personNumberOf(body),
      origin: actionContext.Origin ?? null,
      dryRun: actionContext.DryRun ?? false,
    };
  };
}

/** The shape of a body; made from the policy, because fields and contract paths are its choice. */
export function actionShape(policy: Policy) {
  const fields = [...Object.values(fieldNames), 'gender', ...policy.fields.map(({ name }) => name)];
  const Data = members(Object.fromEntries(fields.map((name) => [name, Text])));
  const Correlation = members({
    Enabled: Flag,
    AccountField: Text,
    AccountFieldValue: Text,
    PersonField: Text,
    PersonFieldValue: Text,
  });
  const Person = members({ ExternalId: PersonNumber, Contracts: list(contractShape(policy)) });
  return members({
    actionContext: members({
      Data: Data.nullish(),
      References: members({ Account: Reference }).nullish(),
      CorrelationConfiguration: Correlation.nullish(),
      Origin: Text,
      DryRun: Flag,
    }),
    personContext: members({ Person: Person.nullish() }).nullish(),
  });
}

function wantedOf(data: Record<string, string | null | undefined>, extraNames: string[]): Wanted {
  const wanted: Record<string, string | null> = {};
  for (const field of fixedFields) {
    const value = data[fieldNames[field]] === undefined && field === 'gender' ? data.gender : data[fieldNames[field]];
    if (value !== undefined) wanted[field] = value;
  }
  const extra = extraNames.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]] as const]));
  return {
    ...(wanted as Partial<Record<FixedField, string | null>>),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  };
}

function correlationOf(configuration: Record<string, unknown> | undefined): Correlation {
  if (configuration?.Enabled !== true) return { kind: 'off' };
  const field = configuration.AccountField as string | null | undefined;
  const value = [configuration.PersonFieldValue, configuration.AccountFieldValue].find(
    (text) => !isBlank(text as string),
  ) as string | undefined;
  if (isBlank(field)) return { kind: 'unusable', reason: 'correlation is enabled but no account field is configured' };
  const known = correlationFields.find((name) => fieldNames[name].toLowerCase() === field?.trim().toLowerCase());
  if (!known)
    return {
      kind: 'unusable',
      reason: `correlation on field [${field ?? ''}] is not possible; use externalId, gebruikersnaam or email`,
    };
  if (value === undefined)
    return { kind: 'unusable', reason: `correlation is enabled on field [${field ?? ''}] but its value is empty` };
  return { kind: 'on', field: known, value };
}

function usedNames(body: Members, extraNames: string[]): UsedNames {
  const data = memberOf(memberOf(body, 'actionContext'), 'Data');
  const ours = new Map([...Object.values(fieldNames), ...extraNames].map((name) => [name.toLowerCase(), name]));
  ours.set('gender', fieldNames.gender);
  const keys = typeof data === 'object' && data !== null ? Object.keys(data) : [];
  const used: UsedNames = {};
  for (const key of keys) {
    const name = ours.get(key.toLowerCase());
    if (name !== undefined) (used[name] ??= []).push(key);
  }
  return used;
}
