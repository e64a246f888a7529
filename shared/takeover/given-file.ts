import { basename } from 'node:path';
import iconv from 'iconv-lite';
import { messageOf, readBytes } from '../config/text-file.ts';
import { AppError } from '../errors.ts';
import type { FileFormat } from '../export/file-format.ts';
import { readCells, type CellRow } from './cells.ts';

/** A file that Spend Cloud got until now, and how it is written as far as its bytes show. */
export interface GivenFile {
  fileName: string;
  layout: Pick<FileFormat, 'delimiter' | 'quote' | 'lineEnd' | 'encoding' | 'bom'>;
  headers: string[];
  rows: CellRow[];
}

const delimiters = [';', ',', '\t', '|'];
const mostFaults = 20;

/** Reads a file and recognises its layout; `usual` decides what the bytes leave open. Throws `unreadable`, which names lines and no value. */
export function readGivenFile(path: string, usual: FileFormat): GivenFile {
  const { text, encoding, bom } = decode(path, usual);
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  if (firstLine.trim() === '') throw unusable(path, 'its first line is empty, where the headers belong');
  const delimiter = delimiterOf(firstLine, usual.delimiter);
  const faults: string[] = [];
  const rows: CellRow[] = [];
  for (const row of readCells(text, delimiter)) {
    if (!row.cells) faults.push(`line ${row.line}: a double quote is not closed, or text follows a closing one`);
    else if (row.cells.some((cell) => cell.text.trim() !== '')) rows.push(row);
  }
  const [header, ...rest] = rows;
  const width = header?.cells.length ?? 0;
  for (const { line, cells } of rest)
    if (cells.length !== width)
      faults.push(`line ${line}: ${cells.length} value(s), where the first line has ${width}`);
  if (faults.length > 0) {
    const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : [];
    throw unusable(path, [...faults.slice(0, mostFaults), ...more].join('; '));
  }
  const allQuoted = rows.every(({ cells }) => cells.every(({ text: value, quoted }) => quoted || value === ''));
  return {
    fileName: basename(path),
    layout: {
      delimiter,
      quote: allQuoted ? 'always' : 'needed',
      lineEnd: /\r?\n/.exec(text)?.[0] === '\n' ? 'lf' : text.includes('\n') ? 'crlf' : usual.lineEnd,
      encoding,
      bom,
    },
    headers: (header?.cells ?? []).map(({ text: value }) => value),
    rows: rest,
  };
}

/** Of the usual delimiters the one that divides the first line into most values. */
function delimiterOf(firstLine: string, usual: string): string {
  const counted = [usual, ...delimiters].map((delimiter) => {
    const [row] = readCells(firstLine, delimiter);
    return { delimiter, count: row?.cells?.length ?? 0 };
  });
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

function decode(path: string, usual: FileFormat): Pick<FileFormat, 'encoding' | 'bom'> & { text: string } {
  let bytes: Buffer;
  try {
    bytes = readBytes(path);
  } catch (error) {
    throw new AppError('unreadable', messageOf(error), { cause: error });
  }
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw unusable(path, 'it is UTF-16 text, which the connector does not write. Export it as UTF-8');
  const bom = bytes.subarray(0, 3).equals(Buffer.from('\uFEFF'));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); // also drops a byte order mark
    // plain ASCII is the same bytes in each of the encodings
    const isPlain = !bom && bytes.every((byte) => byte < 0x80);
    return { text, bom, encoding: isPlain && !usual.bom ? usual.encoding : 'utf-8' };
  } catch {
    const encoding = usual.encoding === 'iso-8859-15' ? usual.encoding : 'windows-1252';
    return { text: iconv.decode(bytes, encoding), encoding, bom: false };
  }
}

export function unusable(path: string, why: string): AppError {
  return new AppError('unreadable', `${basename(path)} cannot be the file delivered until now: ${why}`);
}
