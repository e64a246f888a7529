import { parse } from 'csv-parse/sync';

/** How a file is laid out, as a customer's import definition in Spend Cloud has it: what each column holds, in this order. */
export interface Layout<Member extends string> {
  delimiter: string;
  columns: readonly (readonly [header: string, member: Member])[];
}

/** How Spend Cloud is told of leavers: by a value in a field of their row, or by the absence of a row. */
export type Leavers = 'passive' | 'absent';

const sixPersonColumns = [
  ['voornaam', 'firstName'],
  ['tussenvoegsel', 'prefix'],
  ['achternaam', 'lastName'],
  ['geslacht', 'gender'],
  ['email', 'email'],
  ['gebruikersnaam', 'username'],
] as const;

export type PersonMember = (typeof sixPersonColumns)[number][1] | 'status';

/** The import definition of persons that goes with each way: with field 7, or without it. */
export const usualPersons: Record<Leavers, Layout<PersonMember>> = {
  passive: { delimiter: ';', columns: [...sixPersonColumns, ['passief', 'status']] },
  absent: { delimiter: ';', columns: sixPersonColumns },
};

export const usualRoles = {
  delimiter: ',',
  columns: [
    ['Organisatorische Eenheid', 'unit'],
    ['Gebruikersnaam', 'username'],
    ['Functieprofiel Code', 'profile'],
  ],
} as const satisfies Layout<string>;

/** The rows of a CSV file by the layout's members; throws with the reason when it is not a file of this layout. */
export function readRows<Member extends string>(
  text: string,
  { delimiter, columns }: Layout<Member>,
): Record<Member, string>[] {
  const [header = [], ...rows] = parse(text, { delimiter, bom: true }); // strict: as many fields in each row, quotes where they belong
  const expected = columns.map(([name]) => name);
  if (header.length !== expected.length || expected.some((name, index) => name !== header[index])) {
    throw new Error(`the header is [${header.join(', ')}] where [${expected.join(', ')}] is expected`);
  }
  return rows.map(
    (row) =>
      Object.fromEntries(columns.map(([, member], index) => [member, row[index] ?? ''])) as Record<Member, string>,
  );
}
