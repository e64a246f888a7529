import { basename } from 'node:path';
import iconv from 'iconv-lite';
import { messageOf, readBytes } from '../config/text-file.ts';
import { stateOf, statusColumnOf, type Column } from '../domain/columns.ts';
import { AppError } from '../errors.ts';
import type { FileFormat } from '../export/file-format.ts';
import { readRecords, type CsvRecord } from './csv-table.ts';

const mostFaults = 20;

/**
 * The rows of a file that was delivered in the configured format, without its headers. Throws `unreadable` that names how the headers
 * differ, or each line that is no row of such a file; never shows a value.
 */
export function readDelivered(path: string, format: FileFormat): CsvRecord[] {
  const faults: string[] = [];
  const report = (line: number, fault: string) => void faults.push(`line ${line}: ${fault}`);
  const text = textOf(path, format);
  refuseOtherDelimiter(path, text, format);
  const [header, ...rows] = readRecords(text, format.delimiter, report);
  const status = statusColumnOf(format.columns);
  if (header) {
    const difference = headerDifference(header.cells, format);
    if (difference) throw unusable(path, difference);
    for (const { line, cells } of rows) {
      if (cells.length !== header.cells.length)
        report(line, `${cells.length} value(s), where the first line has ${header.cells.length}`);
      else if (status && !stateOf(cells[status.place] ?? null, status.column.status))
        report(line, `${status.column.header} says neither what an active nor what an inactive person has there`);
    }
  } else if (faults.length === 0) report(1, 'the file is empty');
  if (faults.length === 0) return rows;
  const shown = faults.slice(0, mostFaults);
  const more = faults.length > shown.length ? [`and ${faults.length - shown.length} more`] : [];
  throw unusable(path, [...shown, ...more].join('; '));
}

/** First of all, because with another delimiter every line seems wrong. */
function refuseOtherDelimiter(path: string, text: string, { columns, delimiter }: FileFormat): void {
  const [firstLine = ''] = text.split('\n', 1);
  if (columns.length < 2 || firstLine.trim() === '' || firstLine.includes(delimiter)) return;
  throw unusable(path, `the delimiter [${delimiter}] of connector.json is not in its first line`);
}

function headerDifference(found: readonly string[], { columns }: FileFormat): string | undefined {
  const expected = columns.map(({ header }) => header);
  if (found.length === expected.length && expected.every((header, index) => header === found[index])) return undefined;
  const missing = expected.filter((header) => !found.includes(header));
  const foreign = found.filter((header) => !expected.includes(header));
  const start = `the headers are not those of the columns in connector.json (${expected.join(', ')})`;
  if (missing.length === expected.length) return `${start}: the first line has none of them`; // it may be a person
  if (missing.length + foreign.length === 0) return `${start}: they are in the order ${found.join(', ')}`;
  const differences = { missing, 'not configured': foreign };
  const named = Object.entries(differences).filter(([, headers]) => headers.length > 0);
  return `${start}: ${named.map(([what, headers]) => `${what}: ${headers.join(', ')}`).join('; ')}${statusAdvice(missing, foreign, columns)}`;
}

/** The files of the connector before this one have the column since its release 2.0.5. */
function statusAdvice(missing: readonly string[], foreign: readonly string[], columns: readonly Column[]): string {
  const status = statusColumnOf(columns)?.column.header;
  if (status === undefined && foreign.some((header) => header.trim().toLowerCase() === 'passief'))
    return '. The file says in passief who is not active any more: set spendCloud.leavers to "passive", with that column in files.persons.columns';
  if (status !== undefined && missing.includes(status))
    return `. The file does not say who is not active any more: set spendCloud.leavers to "absent", without the column ${status}`;
  return '';
}

function textOf(path: string, { encoding }: FileFormat): string {
  let bytes: Buffer;
  try {
    bytes = readBytes(path);
  } catch (error) {
    throw new AppError('unreadable', messageOf(error), { cause: error });
  }
  if (encoding !== 'utf-8') return iconv.decode(bytes, encoding);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // also drops a byte order mark
  } catch (error) {
    throw unusable(path, 'it is not UTF-8 text, as `encoding` in connector.json says', error);
  }
}

function unusable(path: string, why: string, cause?: unknown): AppError {
  return new AppError('unreadable', `${basename(path)} cannot be the file delivered until now: ${why}`, { cause });
}
