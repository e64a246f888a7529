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

function oddQuotes(text: string, start: number, end: number): boolean {
  let odd = false;
  for (let at = text.indexOf('"', start); at >= 0 && at < end; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
