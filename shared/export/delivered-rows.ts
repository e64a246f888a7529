import { caseless } from '../domain/account.ts';
import { stateOf, statusColumnOf, type State } from '../domain/columns.ts';
import { distinctRows } from './columns.ts';
import type { FileFormat, Row } from './file-format.ts';
import type { PersonKey } from './pair.ts';

/** A row of a delivered file with the line it begins on. */
export interface DeliveredLine {
  line: number;
  cells: string[];
}

/** A person of the delivered files: the row, and the role rows distinct and in the order of a dump. */
export interface DeliveredPersonRows {
  line: number;
  cells: Row;
  username: string | undefined;
  externalId: string | undefined;
  state: State;
  roles: string[][];
}

/** Something to tell about a line; all but `unknown-person`, `other-casing` and `both-states` are left out of the baseline. */
export interface BaselineNote {
  kind:
    | 'unknown-person'
    | 'no-key'
    | 'same-person'
    | 'both-states'
    | 'other-casing'
    | 'role-without-person'
    | 'role-of-inactive';
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
  const stateOfLine = stateReader(formats.persons);
  for (const { line, cells } of lines.persons) {
    const key = keyOfPerson(cells) ?? '';
    const earlier = persons.get(key);
    const state = stateOfLine(cells);
    const own = { line, cells: withStatus(cells, formats.persons, state), state, roles: [] };
    if (key.trim() === '') notes.push({ kind: 'no-key', file: 'persons', line, key });
    else persons.set(key, { ...own, username: username(cells), externalId: externalId(cells) });
    if (!earlier) continue;
    notes.push({ kind: 'same-person', file: 'persons', line: earlier.line, key });
    if (earlier.state !== state) notes.push({ kind: 'both-states', file: 'persons', line, key });
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
    if (person?.state === 'inactive') notes.push({ kind: 'role-of-inactive', file: 'roles', line, key });
    else if (person) person.roles.push(cells);
    else notes.push({ kind: 'role-without-person', file: 'roles', line, key });
  }
  const inOrder = roleOrder(formats.roles);
  for (const person of persons.values()) person.roles = inOrder(person.roles);
  return [...persons.values()];
}

function stateReader({ columns }: FileFormat): (cells: readonly string[]) => State {
  const found = statusColumnOf(columns);
  return (cells) => (found && stateOf(cells[found.place] ?? null, found.column.status)) ?? 'active';
}

/** The status as the settings write it: whether an empty text or nothing stands there makes no difference to a reader. */
function withStatus(cells: readonly string[], { columns }: FileFormat, state: State): Row {
  return columns.map(({ status }, index) => (status ? status[state] : (cells[index] ?? '')));
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
          permission: '',
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
