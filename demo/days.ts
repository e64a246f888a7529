import type { Outcome } from './helloid.ts';
import { departments, familyNames, titles, type Department, type FamilyName, type Title } from './names.ts';
import { contractOf, fullName, married, type Person } from './organisation.ts';
import { demand, named, operate, type Play } from './play.ts';

/** HelloID acts on several people at a time. */
const atOnce = 8;

export async function everyoneGetsAnAccount(play: Play, people: readonly Person[]): Promise<void> {
  const waiting = people.values();
  await play.story.progress('HelloID creates accounts', people.length, async (advance) => {
    async function takeTurns(): Promise<void> {
      for (const person of waiting) {
        await hire(play, person);
        advance();
      }
    }
    await Promise.all(Array.from({ length: atOnce }, takeTurns));
  });
}

/** Joiners, one of whom HelloID tries twice because the first answer never came. */
export async function joinersCome(play: Play, joiners: readonly Person[]): Promise<void> {
  const [late] = joiners;
  demand(late !== undefined, 'there is nobody to hire');
  await play.helloId.createUnanswered(late);
  for (const person of joiners) {
    const { AccountCorrelated } = await hire(play, person);
    demand(
      AccountCorrelated === (person === late),
      `the create of ${fullName(person)} correlated: ${AccountCorrelated}`,
    );
  }
  const { accounts } = await operate<{ accounts: unknown[] }>(play, `accounts?search=${late.externalId}`);
  demand(accounts.length === 1, `there are ${accounts.length} accounts for number ${late.externalId}`);
  play.story.tell(
    `  ${joiners.length} join: ${named(joiners)}.`,
    `    The answer for ${late.firstName} is lost in a time-out; HelloID tries again and finds the account: no duplicate.`,
  );
}

/** Their access is revoked at once; their accounts go later. */
export async function leaversGo(play: Play, leavers: readonly Person[]): Promise<void> {
  for (const person of leavers) {
    await play.helloId.disable(person);
    play.entitled.delete(person.externalId);
  }
  play.story.tell(`  ${leavers.length} leave: ${named(leavers)}. Their access is revoked.`);
}

/** A new name and a new username, of which the files keep the old one: for Spend Cloud another username is another employee. */
export async function marriageHappens(play: Play, person: Person, usernames: ReadonlySet<string>): Promise<void> {
  const renamed = married(person, partnerOf(person), usernames);
  const { AccountReference } = await play.helloId.update(renamed);
  play.entitled.set(renamed.externalId, { person: renamed, username: person.username });
  const { pendingUsername } = await operate<{ pendingUsername: string | null }>(play, `accounts/${AccountReference}`);
  demand(
    pendingUsername === renamed.username,
    `the username that waits is ${pendingUsername ?? 'none'} instead of ${renamed.username}`,
  );
  play.story.tell(
    `  ${fullName(person)} marries and is now ${fullName(renamed)}, with username ${renamed.username}.`,
    `    To Spend Cloud that would be another employee, so the files keep ${person.username} until an operator accepts ${renamed.username}.`,
  );
}

export async function jobsChange(play: Play, mover: Person, doubler: Person): Promise<void> {
  const moved = {
    ...mover,
    contracts: [...mover.contracts.map((contract) => ({ ...contract, inConditions: false })), newContract(mover)],
  };
  const doubled = { ...doubler, contracts: [...doubler.contracts, newContract(doubler)] };
  for (const person of [moved, doubled]) {
    await play.helloId.update(person);
    play.entitled.set(person.externalId, { person, username: person.username });
  }
  play.story.tell(`  ${fullName(mover)} changes jobs; ${fullName(doubler)} gets a second one.`);
}

/** The accounts of leavers go; one of them is hired again and gets the old account back. */
export async function oneReturns(play: Play, leavers: readonly Person[]): Promise<void> {
  const removed = new Map<Person, Outcome>();
  for (const person of leavers) removed.set(person, await play.helloId.remove(person));
  const [person] = leavers;
  demand(person !== undefined, 'there is nobody to return');
  const { AccountReference, AccountCorrelated } = await hire(play, { ...person, contracts: [newContract(person)] });
  demand(
    !AccountCorrelated && AccountReference === removed.get(person)?.AccountReference,
    `${fullName(person)} came back as ${AccountReference}`,
  );
  play.story.tell(
    `  The accounts of ${named(leavers)} are deleted.`,
    `  ${fullName(person)} comes back after all: the account is revived, under its old reference ${AccountReference}.`,
  );
}

async function hire({ helloId, entitled }: Play, person: Person): Promise<Outcome> {
  const outcome = await helloId.create(person);
  entitled.set(person.externalId, { person, username: person.username });
  return outcome;
}

/** A job that this person does not have and never had. */
function newContract(person: Person) {
  const has = (department: Department, title: Title) =>
    person.contracts.some((held) => held.department === department && held.title === title);
  const jobs = departments.flatMap((department) => titles.map((title) => ({ department, title })));
  const job = jobs.find(({ department, title }) => !has(department, title));
  demand(job !== undefined, `there is no other job for ${fullName(person)}`);
  return contractOf(person, job.department, job.title, '2026-03-03');
}

function partnerOf({ family }: Person): FamilyName {
  const partner = familyNames.find((other) => other !== family && other.prefix !== null);
  demand(partner !== undefined, 'there is nobody to marry');
  return partner;
}
