import { caseless } from '../../shared/domain/account.ts';
import { requestBody } from '../../demo/helloid.ts';
import { departments, familyNames, titles } from '../../demo/names.ts';
import { contractOf, married, organisation, type Person } from '../../demo/organisation.ts';
import type { Draw } from '../../demo/random.ts';
import type { Leavers } from '../../demo/spend-cloud-files.ts';
import type { AlsoTable } from './also-table.ts';
import type { Connector } from './connector.ts';

/** A person as HelloID holds one. */
interface Member {
  person: Person;
  reference: string;
  enabled: boolean;
  /** The e-mail address, which changes with a new key: Spend Cloud keeps an address for whoever had it first. */
  email: string;
  renamed: boolean;
}

interface AccountDetail {
  pendingUsername: string | null;
  delivered: { gebruikersnaam: string } | null;
}

/** HelloID's side: who works there, and what happens to them. */
export interface Staff {
  /** External ids of those who should be able to log in. */
  entitled(): string[];
  /** Whether this account ever changed its username. */
  everRenamed(reference: string): boolean;
  /** Usernames of those whose e-mail address was somebody else's: Spend Cloud may refuse them until it knows that it was given up. */
  heirs(): ReadonlySet<string>;
  /** Usernames of people whom HelloID does not manage. */
  unmanaged(): string[];
  everybodyJoins(count: number): Promise<void>;
  /** One thing that happens on a working day, drawn at random. */
  somethingHappens(): Promise<void>;
  /** So many lose their access at once, as after a mistake; gives a function that gives it back. */
  manyLose(share: 'some' | 'all'): Promise<() => Promise<void>>;
}

const why = { by: 'Fenna', reason: 'as drawn' };
const mostPeople = 110;
const fewestPeople = 60;

export interface StaffParts {
  draw: Draw;
  seed: number;
  connector: Connector;
  also: AlsoTable;
  leavers: Leavers;
}

export function staffOf({ draw, seed, connector, also, leavers }: StaffParts): Staff {
  const everybody = organisation(seed, 5000);
  const supply = everybody.values();
  const members = new Map<string, Member>();
  const gone: Member[] = [];
  const usernames = new Set(everybody.map(({ username }) => username));
  const renamed = new Set<string>();
  const heirs = new Set<string>();
  /** Usernames that an operator let go, with the account that had them; the oldest first. */
  const formerNames: { reference: string; username: string }[] = [];
  let addresses = 0;

  async function act(action: string, member: Member): Promise<string> {
    const { person, reference, email } = member;
    const body = requestBody(person, action === 'create' ? null : reference);
    body.actionContext.Data.email = email;
    const { AccountReference } = await connector.helloId(action, body);
    return AccountReference;
  }

  function freshAddress({ externalId }: Person): string {
    addresses += 1;
    return `${externalId}.${addresses}@waterrijk-zorg.example`;
  }

  async function joins(person: Person, email = freshAddress(person)): Promise<void> {
    const member: Member = { person, reference: '', enabled: true, email, renamed: false };
    member.reference = await act('create', member);
    members.set(person.externalId, member);
  }

  function nextPerson(): Person {
    const next = supply.next();
    if (next.done) throw new Error('there is nobody left to hire');
    return next.value;
  }

  async function joiner(): Promise<void> {
    await joins(nextPerson());
  }

  /** Somebody new gets the username of a leaver, because an operator allows it. */
  async function successor(): Promise<void> {
    const former = gone.length > 0 ? takeOne(gone) : undefined;
    const delivered = former && (await detailOf(former)).delivered?.gebruikersnaam;
    if (delivered === undefined) return joiner();
    const person = { ...nextPerson(), username: delivered };
    await connector.operate(`usernames/${encodeURIComponent(delivered)}/allow`, {
      ...why,
      externalId: person.externalId,
    });
    await joins(person);
  }

  /** Somebody new gets a former username of one who was renamed long ago. */
  async function nameIsGivenAgain(): Promise<void> {
    const former = formerNames.shift();
    const owner = former && [...members.values()].find(({ reference }) => reference === former.reference);
    if (!owner || caseless((await detailOf(owner)).delivered?.gebruikersnaam ?? '') === caseless(former.username))
      return;
    const person = { ...nextPerson(), username: former.username };
    const allowed = { ...why, externalId: person.externalId };
    await connector.operate(`usernames/${encodeURIComponent(former.username)}/allow`, allowed);
    await joins(person);
  }

  /** Somebody new gets the e-mail address of a leaver. */
  async function heir(): Promise<void> {
    if (leavers === 'absent' || gone.length === 0) return joiner(); // Spend Cloud would refuse the address for ever
    const { email } = takeOne(gone);
    const person = nextPerson();
    heirs.add(person.username);
    await joins(person, email);
  }

  async function erasure(): Promise<void> {
    if (gone.length === 0) return;
    await connector.app().privacy.erasePerson(takeOne(gone).person.externalId, why);
  }

  function takeOne(list: Member[]): Member {
    const one = draw.from(list);
    list.splice(list.indexOf(one), 1);
    return one;
  }

  function detailOf({ reference }: Member): Promise<AccountDetail> {
    return connector.operate<AccountDetail>(`accounts/${encodeURIComponent(reference)}`);
  }

  async function setEnabled(member: Member, enabled: boolean): Promise<void> {
    await act(enabled ? 'enable' : 'disable', member);
    member.enabled = enabled;
  }

  async function leaver(): Promise<void> {
    if (members.size <= fewestPeople) return;
    const member = draw.from([...members.values()]);
    await setEnabled(member, false);
    await act('delete', member);
    members.delete(member.person.externalId);
    gone.push(member);
  }

  async function returner(): Promise<void> {
    const member = gone.pop();
    if (!member) return joiner();
    if (draw.chance(50)) changeJob(member);
    member.reference = await act('create', member);
    member.enabled = true;
    members.set(member.person.externalId, member);
  }

  async function rename(): Promise<void> {
    const member = draw.from([...members.values()]);
    const partner = draw.from(familyNames.filter((name) => name !== member.person.family));
    const person = married(member.person, partner, usernames);
    usernames.add(person.username);
    if (heirs.has(member.person.username)) heirs.add(person.username);
    member.person = person;
    member.renamed = true;
    renamed.add(member.reference);
    await act('update', member);
  }

  /** An accepted username is a new employee to Spend Cloud, with an address of the new one's own. */
  async function accept(): Promise<void> {
    for (const member of members.values()) {
      if (!member.renamed || draw.chance(50)) continue;
      const { pendingUsername, delivered } = await detailOf(member);
      member.renamed = false;
      if (pendingUsername === null) continue;
      await connector.operate(`accounts/${encodeURIComponent(member.reference)}/accept-username`, why);
      if (delivered) formerNames.push({ reference: member.reference, username: delivered.gebruikersnaam });
      member.email = freshAddress(member.person);
      await act('update', member);
    }
  }

  /** The name of before the marriage again, with the username that went with it. */
  async function divorce(): Promise<void> {
    const former = formerNames.pop();
    const member = former && [...members.values()].find(({ reference }) => reference === former.reference);
    if (!member) return;
    member.person = { ...member.person, partner: null, convention: 'B', username: former.username };
    member.renamed = true;
    await act('update', member);
  }

  /** Off and on again before anybody looks. */
  async function blink(): Promise<void> {
    const member = draw.from([...members.values()]);
    await setEnabled(member, !member.enabled);
    await setEnabled(member, !member.enabled);
  }

  function changeJob(member: Member): void {
    const { person } = member;
    const added = contractOf(person, draw.from(departments), draw.from(titles), '2026-03-03');
    const kept = draw.chance(50) ? person.contracts : person.contracts.map((old) => ({ ...old, inConditions: false }));
    member.person = { ...person, contracts: [...kept.slice(-3), added] };
  }

  const events: (() => Promise<void>)[] = [
    joiner,
    leaver,
    returner,
    returner,
    rename,
    accept,
    accept,
    divorce,
    successor,
    nameIsGivenAgain,
    heir,
    erasure,
    blink,
    () => {
      also.edit(draw);
      return Promise.resolve();
    },
    async () => {
      const member = draw.from([...members.values()]);
      changeJob(member);
      await act('update', member);
    },
    async () => {
      const member = draw.from([...members.values()]);
      await setEnabled(member, !member.enabled);
    },
  ];

  return {
    entitled: () => [...members.values()].flatMap(({ enabled, person }) => (enabled ? [person.externalId] : [])),
    everRenamed: (reference) => renamed.has(reference),
    heirs: () => heirs,
    unmanaged: () => also.usernames(),
    async everybodyJoins(count) {
      for (let number = 0; number < count; number += 1) await joiner();
    },
    somethingHappens: async () => (members.size > mostPeople ? leaver() : draw.from(events)()),
    async manyLose(share) {
      const enabled = [...members.values()].filter((member) => member.enabled);
      const losers = share === 'all' ? enabled : enabled.slice(0, 12);
      for (const member of losers) await setEnabled(member, false);
      return async () => {
        for (const member of losers)
          if (members.get(member.person.externalId) === member) await setEnabled(member, true);
      };
    },
  };
}
