import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import type { Column } from '../domain/columns.ts';
import { AppError } from '../errors.ts';

/** How one CSV file is written; `files.persons` or `files.roles` in connector.json. */
export interface FileFormat {
  fileName: string;
  delimiter: string;
  quote: 'always' | 'needed';
  lineEnd: 'crlf' | 'lf';
  encoding: string;
  bom: boolean;
  columns: Column[];
}

/** The cells of a row: an empty text is written as one, null writes nothing between the delimiters. */
export type Row = readonly (string | null)[];

/** Turns rows into the bytes of the file; values are never altered. */
export function rowEncoder(format: FileFormat): (rows: readonly Row[]) => Buffer {
  const always = format.quote === 'always';
  const options = {
    delimiter: format.delimiter,
    quoted: always,
    quoted_string: always, // an empty text too, and not null
    quoted_match: /[\r\n]/, // with record_delimiter given, csv-stringify leaves a field with a lone CR or LF unquoted
    record_delimiter: format.lineEnd === 'crlf' ? '\r\n' : '\n',
    cast: { string: (value: string) => value },
  };
  const encode = textEncoder(format.encoding);
  return (rows) => encode(stringify(rows as (string | null)[][], options));
}

/** The same for records of a file of the same format, which go into another as they are: a row has its record alone. */
export function recordEncoder({ lineEnd, encoding }: FileFormat): (rows: readonly Row[]) => Buffer {
  const end = lineEnd === 'crlf' ? '\r\n' : '\n';
  const encode = textEncoder(encoding);
  return (rows) => encode(rows.map(([record]) => `${record ?? ''}${end}`).join(''));
}

/** What stands before the first row: the byte order mark, if any, and the headers. */
export function fileStart(format: FileFormat): Buffer {
  const bom = format.bom && format.encoding === 'utf-8' ? Buffer.from('\uFEFF') : Buffer.alloc(0);
  return Buffer.concat([bom, rowEncoder(format)([format.columns.map((column) => column.header)])]);
}

/** True when every one of these encodings has every character of a text. */
export function fitsEncodings(encodings: readonly string[]): (text: string) => boolean {
  const narrow = [...new Set(encodings)].filter((encoding) => encoding !== 'utf-8');
  return (text) => narrow.every((encoding) => fits(text, encoding));
}

function textEncoder(encoding: string): (text: string) => Buffer {
  if (encoding === 'utf-8') return (text) => Buffer.from(text);
  return (text) => {
    const bytes = iconv.encode(text, encoding);
    // iconv-lite writes a question mark for what it cannot encode: that would invent a name
    if (iconv.decode(bytes, encoding) !== text)
      throw new AppError('impossible', `A stored value holds a character that ${encoding} does not have`);
    return bytes;
  };
}

function fits(text: string, encoding: string): boolean {
  return iconv.decode(iconv.encode(text, encoding), encoding) === text;
}
