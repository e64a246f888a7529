import { fieldNames } from '../domain/account.ts';
import { calendarDay } from '../domain/calendar.ts';
import type { State } from '../domain/columns.ts';
import type { PersonRow, RoleRow } from '../domain/dump-row.ts';
import { compareText } from './compare-text.ts';
import type { FileFormat, Row } from './file-format.ts';

type PersonValue = (person: PersonRow) => string | null;
type RoleValue = (role: RoleRow) => string | null;

const personValues: Record<string, PersonValue> = {
  [fieldNames.externalId]: (person) => person.externalId,
  [fieldNames.email]: (person) => person.email,
  [fieldNames.firstName]: (person) => person.firstName,
  [fieldNames.prefix]: (person) => person.prefix,
  [fieldNames.lastName]: (person) => person.lastName,
  [fieldNames.username]: (person) => person.username,
  [fieldNames.gender]: (person) => person.gender,
};

/** The fields that say which role it is: without one of them a row would give Spend Cloud a role that it cannot know. */
const identifyingValues: Record<string, RoleValue> = {
  ou: (role) => role.unit,
  oucode: (role) => role.unitCode,
  functie: (role) => role.profile,
  functiecode: (role) => role.profileCode,
};

/** Makes the cells of a person's row, in the order of the columns. */
export function personCells({ columns }: FileFormat, state: State): (person: PersonRow) => Row {
  const values = columns.map(({ field, status }) => {
    if (status) return () => status[state];
    const value = personValues[field] ?? extraValue(field);
    return (person: PersonRow) => value(person) ?? '';
  });
  return (person) => values.map((value) => value(person));
}

/** Makes the cells of a role's row; undefined where a value that identifies the role is missing. */
export function roleCells(
  { columns }: FileFormat,
  timeZone: string,
): (role: RoleRow, person: PersonRow) => Row | undefined {
  const otherValues: Record<string, RoleValue> = {
    contract: (role) => role.contract,
    startDate: (role) => calendarDay(role.startDate, timeZone),
    endDate: (role) => calendarDay(role.endDate, timeZone),
  };
  const cells = columns.map(({ field = '' }) => {
    const role = identifyingValues[field] ?? otherValues[field];
    const person = personValues[field] ?? extraValue(field);
    return {
      needed: field in identifyingValues,
      value: (values: RoleRow, owner: PersonRow) => (role ? role(values) : person(owner)),
    };
  });
  return (role, person) => {
    const row: string[] = [];
    for (const { needed, value } of cells) {
      const text = value(role, person) ?? '';
      if (needed && !text) return undefined;
      row.push(text);
    }
    return row;
  };
}

/** Role rows of one person: in byte order by unit, profile and then the whole row; of equal rows the first of that order. */
export function distinctRows(rows: { role: RoleRow; cells: Row }[]): Row[] {
  if (rows.length === 1) return rows.map((row) => row.cells);
  const sorted = rows
    .map(({ role, cells }) => ({
      keys: [role.unit ?? role.unitCode ?? '', role.profileCode ?? role.profile ?? '', cells.join('\u0000')],
      cells,
    }))
    .sort((a, b) => compareKeys(a.keys, b.keys));
  // where a column holds the code of a unit, equal rows need not be neighbours: they stand by its name
  const seen = new Set<string | undefined>();
  const isFirst = ({ keys }: { keys: string[] }) => !seen.has(keys[2]) && seen.add(keys[2]);
  return sorted.filter(isFirst).map(({ cells }) => cells);
}

function compareKeys(some: string[], others: string[]): number {
  for (const [index, text] of some.entries()) {
    const order = compareText(text, others[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function extraValue(field: string): PersonValue {
  return (person) => (JSON.parse(person.extra) as Record<string, string | null>)[field] ?? null;
}
