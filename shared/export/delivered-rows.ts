import { caseless } from '../domain/account.ts';
import { distinctRows } from './columns.ts';
import type { FileFormat } from './file-format.ts';
import type { PersonKey } from './pair.ts';

/** A row of a delivered file with the line it begins on. */
export interface DeliveredLine {
  line: number;
  cells: string[];
}

/** A person of the delivered files: the row, and the role rows distinct and in the order of a dump. */
export interface DeliveredPersonRows extends DeliveredLine {
  username: string | undefined;
  externalId: string | undefined;
  roles: string[][];
}

/** Something to tell about a line; all but `unknown-person` and `other-casing` are left out of the baseline. */
export interface BaselineNote {
  kind: 'unknown-person' | 'no-key' | 'same-person' | 'other-casing' | 'role-without-person';
  file: 'persons' | 'roles';
  line: number;
  /** The value by which Spend Cloud knows the person. */
  key: string;
}

/** Puts the rows of both files together by person, as Spend Cloud does; where a person stands on several lines the last one counts. */
export function joinDelivered(
  lines: { persons: readonly DeliveredLine[]; roles: readonly DeliveredLine[] },
  formats: { persons: FileFormat; roles: FileFormat; personKey: PersonKey },
  notes: BaselineNote[],
): DeliveredPersonRows[] {
  const { personKey } = formats;
  const persons = new Map<string, DeliveredPersonRows>();
  const [username, externalId] = [cellOf(formats.persons, 'gebruikersnaam'), cellOf(formats.persons, 'externalId')];
  const keyOfPerson = cellOf(formats.persons, personKey);
  for (const { line, cells } of lines.persons) {
    const key = keyOfPerson(cells) ?? '';
    const earlier = persons.get(key);
    if (key.trim() === '') notes.push({ kind: 'no-key', file: 'persons', line, key });
    else persons.set(key, { line, cells, username: username(cells), externalId: externalId(cells), roles: [] });
    if (earlier) notes.push({ kind: 'same-person', file: 'persons', line: earlier.line, key });
  }
  const anyCase = new Map<string, DeliveredPersonRows>();
  for (const [key, person] of persons) {
    if (!anyCase.has(caseless(key))) anyCase.set(caseless(key), person);
    else notes.push({ kind: 'other-casing', file: 'persons', line: person.line, key });
  }

  const keyOfRole = cellOf(formats.roles, personKey);
  for (const { line, cells } of lines.roles) {
    const key = keyOfRole(cells) ?? '';
    const person = persons.get(key) ?? anyCase.get(caseless(key));
    if (person) person.roles.push(cells);
    else notes.push({ kind: 'role-without-person', file: 'roles', line, key });
  }
  const inOrder = roleOrder(formats.roles);
  for (const person of persons.values()) person.roles = inOrder(person.roles);
  return [...persons.values()];
}

function roleOrder(format: FileFormat): (rows: string[][]) => string[][] {
  const value = (field: string) => {
    const cell = cellOf(format, field);
    return (cells: string[]) => cell(cells) ?? null;
  };
  const [unit, unitCode, profile, profileCode] = ['ou', 'oucode', 'functie', 'functiecode'].map(value);
  const none = () => null;
  return (rows) =>
    distinctRows(
      rows.map((cells) => ({
        role: {
          owner: 'also',
          contract: '',
          unit: (unit ?? none)(cells),
          unitCode: (unitCode ?? none)(cells),
          profile: (profile ?? none)(cells),
          profileCode: (profileCode ?? none)(cells),
          startDate: null,
          endDate: null,
        },
        cells,
      })),
    ) as string[][];
}

function cellOf({ columns }: FileFormat, field: string): (cells: readonly string[]) => string | undefined {
  const place = columns.findIndex((column) => column.field === field);
  return (cells) => (place < 0 ? undefined : cells[place]);
}
