import { closeSync, openSync, readSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import type { FileFormat } from './file-format.ts';

const chunkBytes = 65_536;

/** The records of a CSV file of ours as raw text, headers first, read in pieces; a line end within quotes does not end a record. */
export function* csvRecords(path: string, format: FileFormat): Generator<string> {
  const descriptor = openSync(path, 'r');
  const decoder = iconv.getDecoder(format.encoding); // also drops a byte order mark
  const buffer = Buffer.alloc(chunkBytes);
  const trimmed = format.lineEnd === 'crlf' ? 1 : 0;
  let text = '';
  let scanned = 0;
  let inQuotes = false;
  try {
    for (let length = readSync(descriptor, buffer); length > 0; length = readSync(descriptor, buffer)) {
      text += decoder.write(buffer.subarray(0, length));
      let start = 0;
      for (let end = text.indexOf('\n', scanned); end >= 0; end = text.indexOf('\n', scanned)) {
        inQuotes = inQuotes !== oddQuotes(text, scanned, end);
        scanned = end + 1;
        if (inQuotes) continue;
        yield text.slice(start, end - trimmed);
        start = scanned;
      }
      if (scanned < text.length) {
        inQuotes = inQuotes !== oddQuotes(text, scanned, text.length);
        scanned = text.length;
      }
      text = text.slice(start);
      scanned -= start;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The cells of one record. */
export function cellsOf(record: string, { delimiter }: FileFormat): string[] {
  const rows: string[][] = parse(record, { delimiter, record_delimiter: ['\r\n'], relax_column_count: true });
  return rows[0] ?? [];
}

/** One cell of a record of ours, for where every record is looked at: many times faster than all its cells. */
export function cellAt(record: string, place: number, { delimiter }: FileFormat): string {
  let start = 0;
  for (let cell = 0; ; cell += 1) {
    const isQuoted = record[start] === '"';
    const end = isQuoted ? closingQuote(record, start + 1) : endOr(record, record.indexOf(delimiter, start));
    if (cell === place) return isQuoted ? record.slice(start + 1, end).replaceAll('""', '"') : record.slice(start, end);
    start = endOr(record, record.indexOf(delimiter, end)) + 1;
    if (start > record.length) return '';
  }
}

function closingQuote(record: string, from: number): number {
  let at = record.indexOf('"', from);
  while (at >= 0 && record[at + 1] === '"') at = record.indexOf('"', at + 2);
  return endOr(record, at);
}

function endOr(record: string, at: number): number {
  return at < 0 ? record.length : at;
}

function oddQuotes(text: string, start: number, end: number): boolean {
  let odd = false;
  for (let at = text.indexOf('"', start); at >= 0 && at < end; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
