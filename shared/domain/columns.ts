/** A column of a file: the value of a field or, in the persons file alone, what is said of active and inactive people. */
export type Column = FieldColumn | StatusColumn;

export interface FieldColumn {
  header: string;
  field: string;
  status?: undefined;
}

export interface StatusColumn {
  header: string;
  field?: undefined;
  status: StatusTexts;
}

/** Null writes nothing between the delimiters, an empty text is written as one. */
export interface StatusTexts {
  active: string | null;
  inactive: string | null;
}

/** How Spend Cloud is told who is not active any more; `spendCloud.leavers` in connector.json. */
export type Leavers = 'passive' | 'absent';

export type State = 'active' | 'inactive';

/** What a cell of the status column says, read without case and blanks; undefined for any other text. */
export function stateOf(text: string | null, { active, inactive }: StatusTexts): State | undefined {
  const said = comparable(text);
  if (said === comparable(active)) return 'active';
  return said === comparable(inactive) ? 'inactive' : undefined;
}

function comparable(text: string | null): string {
  return (text ?? '').trim().toLowerCase();
}

/** The status column of a persons file, with its place; undefined where inactive people are told by their absence. */
export function statusColumnOf(columns: readonly Column[]): { place: number; column: StatusColumn } | undefined {
  for (const [place, column] of columns.entries()) if (column.status) return { place, column };
  return undefined;
}
