import { CsvError, parse } from 'csv-parse/sync';
import { isBlank } from '../domain/text.ts';

/** A line of a table: its number in the file and its values by column, trimmed and in NFC; a value may be empty. */
export interface TableLine<Column extends string> {
  line: number;
  values: Record<Column, string>;
}

/**
 * Reads CSV with a header, comma or semicolon as spreadsheets save it; column names in any casing and order, others are passed over.
 * Columns that are `optional` may be missing. Every fault goes to `report` with the number of its line, which then is left out.
 */
export function readTable<Column extends string>(
  text: string,
  columns: readonly Column[],
  report: (line: number, fault: string) => void,
  optional: readonly Column[] = [],
): TableLine<Column>[] {
  const [header, ...lines] = readTableRecords(text, columns, report);
  if (!header) return [];
  const all = [...new Set([...columns, ...optional])];
  const places = all
    .map((column) => [column, placeOf(column, header.cells)] as const)
    .filter(([, place]) => place >= 0);
  const missing = columns.filter((column) => placeOf(column, header.cells) < 0);
  if (missing.length > 0) {
    report(
      header.line,
      `the column(s) ${missing.join(', ')} are missing; expected a first line with ${columns.join(', ')}`,
    );
    return [];
  }
  return lines.flatMap(({ line, cells }) => {
    if (cells.length !== header.cells.length) {
      report(line, `${cells.length} value(s), where the first line has ${header.cells.length}`);
      return [];
    }
    const values = places.map(([column, place]) => [column, cells[place]?.trim().normalize('NFC') ?? ''] as const);
    return [{ line, values: Object.fromEntries(values) as Record<Column, string> }];
  });
}

/** A record of CSV text and the line it begins on. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/** The records of a table that a person keeps, comma or semicolon as the spreadsheet saved it; an empty file is a fault. */
export function readTableRecords(
  text: string,
  columns: readonly string[],
  report: (line: number, fault: string) => void,
): CsvRecord[] {
  const firstLine = /^[^\r\n]*/.exec(text.trimStart())?.[0] ?? '';
  let faults = 0;
  const records = readRecords(text, firstLine.includes(';') ? ';' : ',', (line, fault) => {
    faults += 1;
    report(line, fault);
  });
  if (records.length === 0 && faults === 0)
    report(1, `the file is empty; expected a first line with ${columns.join(', ')}`);
  return records;
}

/** The records of CSV text, blank ones left out; what is no CSV goes to `report` and ends the reading. */
export function readRecords(
  text: string,
  delimiter: string,
  report: (line: number, fault: string) => void,
): CsvRecord[] {
  const records: CsvRecord[] = [];
  let begins = 1; // a quoted value may hold line ends: named is the line where its record begins
  const keep = (cells: string[], { lines }: { lines: number }) => {
    if (!cells.every(isBlank)) records.push({ line: begins, cells });
    begins = lines + 1;
    return null;
  };
  try {
    parse(text, { delimiter, relax_column_count: true, on_record: keep });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    report(begins, quoteFaults[error.code] ?? 'cannot be read as CSV'); // the parser's own message shows values
  }
  return records;
}

const quoteFaults: Partial<Record<CsvError['code'], string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a double quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing double quote; a quote inside a value is doubled',
  INVALID_OPENING_QUOTE: 'a double quote stands inside a value that does not begin with one',
};

function placeOf(column: string, header: readonly string[]): number {
  return header.findIndex((name) => name.trim().toLowerCase() === column.toLowerCase());
}
