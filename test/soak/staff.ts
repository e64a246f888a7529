import { requestBody } from '../../demo/helloid.ts';
import { departments, familyNames, titles } from '../../demo/names.ts';
import { contractOf, married, organisation, type Person } from '../../demo/organisation.ts';
import type { Draw } from '../../demo/random.ts';
import type { Connector } from './connector.ts';

/** A person as HelloID holds one. */
interface Member {
  person: Person;
  reference: string;
  enabled: boolean;
  /** Part of the e-mail address, which changes with a new key: Spend Cloud keeps an address for whoever had it first. */
  address: number;
  renamed: boolean;
}

/** HelloID's side: who works there, and what happens to them. */
export interface Staff {
  /** External ids of those who should be able to log in. */
  entitled(): string[];
  /** Whether this account ever changed its username. */
  everRenamed(reference: string): boolean;
  everybodyJoins(count: number): Promise<void>;
  /** One thing that happens on a working day, drawn at random. */
  somethingHappens(): Promise<void>;
  /** So many lose their access at once, as after a mistake; gives a function that gives it back. */
  manyLose(share: 'some' | 'all'): Promise<() => Promise<void>>;
}

const why = { by: 'Fenna', reason: 'as drawn' };
const mostPeople = 110;
const fewestPeople = 60;

export function staffOf(draw: Draw, seed: number, connector: Connector): Staff {
  const everybody = organisation(seed, 5000);
  const supply = everybody.values();
  const members = new Map<string, Member>();
  const gone: Member[] = [];
  const usernames = new Set(everybody.map(({ username }) => username));
  const renamed = new Set<string>();

  async function act(action: string, member: Member): Promise<string> {
    const { person, reference, address } = member;
    const body = requestBody(person, action === 'create' ? null : reference);
    body.actionContext.Data.email = `${person.externalId}.${address}@waterrijk-zorg.example`;
    const { AccountReference } = await connector.helloId(action, body);
    return AccountReference;
  }

  async function joins(person: Person): Promise<void> {
    const member: Member = { person, reference: '', enabled: true, address: 1, renamed: false };
    member.reference = await act('create', member);
    members.set(person.externalId, member);
  }

  async function joiner(): Promise<void> {
    const next = supply.next();
    if (next.done) throw new Error('there is nobody left to hire');
    await joins(next.value);
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
    member.person = person;
    member.renamed = true;
    renamed.add(member.reference);
    await act('update', member);
  }

  /** An accepted username is a new employee to Spend Cloud, with an address of the new one's own. */
  async function accept(): Promise<void> {
    for (const member of members.values()) {
      if (!member.renamed || draw.chance(50)) continue;
      const path = `accounts/${encodeURIComponent(member.reference)}`;
      const { pendingUsername } = await connector.operate<{ pendingUsername: string | null }>(path);
      member.renamed = false;
      if (pendingUsername === null) continue;
      await connector.operate(`${path}/accept-username`, why);
      member.address += 1;
      await act('update', member);
    }
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
    rename,
    accept,
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
