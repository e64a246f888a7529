import { fullName, type Person } from './organisation.ts';
import { demand, named } from './play.ts';
import type { Leavers } from './spend-cloud-files.ts';
import type { Delivered } from './stage.ts';

/** The header of each file, and rows that are not plain. */
export function unusualLines({ persons, roles }: Delivered): string[] {
  return [...linesLike(persons, [/^"[^"]*";"[^"]*'/, /^"[^"]*[^ -~]/]), ...linesLike(roles, [/""/, /;/])].map(indented);
}

/** What the persons file says of people who left, and that the roles file says nothing of them. */
export function leaverLines(leavers: Leavers, { persons, roles }: Delivered, people: readonly Person[]): string[] {
  const lines = people.flatMap((person) => lineOf(persons, person) ?? []);
  demand(lines.length === (leavers === 'passive' ? people.length : 0), `the persons file has ${lines.length} leavers`);
  demand(!people.some(({ username }) => roles.includes(`,"${username}",`)), 'a leaver has a role');
  if (leavers === 'absent') return [`  ${named(people)} are missing from both files.`];
  return ['  Who left stays in Users.csv for a year, marked as passive and without roles:', ...lines.map(indented)];
}

/** What the persons file says of the one who came back, and of the one who did not. */
export function returnLines(leavers: Leavers, { persons }: Delivered, back: Person, gone: Person): string[] {
  const [line, other] = [lineOf(persons, back), lineOf(persons, gone)];
  demand(line !== undefined, `${fullName(back)} is missing from the persons file`);
  demand((other !== undefined) === (leavers === 'passive'), `the line of ${fullName(gone)} is [${other ?? ''}]`);
  if (leavers === 'absent') return [`  ${fullName(back)} is in the file again; ${fullName(gone)} is not.`];
  return [
    `  ${fullName(back)} is active again in the file; ${fullName(gone)} still is not:`,
    ...[line, other ?? ''].map(indented),
  ];
}

function lineOf(persons: string, { username }: Person): string | undefined {
  return persons.split('\r\n').find((line) => line.split(';')[5] === `"${username}"`);
}

function indented(line: string): string {
  return `    ${line}`;
}

function linesLike(csv: string, patterns: RegExp[]): string[] {
  const [header = '', ...rows] = csv.trimEnd().split('\r\n');
  return [header, ...patterns.flatMap((pattern) => rows.find((row) => pattern.test(row)) ?? [])];
}
