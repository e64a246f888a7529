import { basename } from 'node:path';
import { messageOf, readTextFile } from '../config/text-file.ts';
import { AppError } from '../errors.ts';

export type Report = (line: number, fault: string) => void;

const mostFaults = 20;

/**
 * Reads a table that an administrator keeps as a CSV file, and again only when its text changed. A broken one throws `broken-table`, which
 * names the setting and each bad line: rows are never lost quietly.
 */
export function tableFile<T>(
  path: string | null,
  setting: string,
  read: (text: string, report: Report) => T,
): () => T | null {
  let known: { text: string; table: T } | undefined;
  return () => {
    if (path === null) return null;
    const text = textOf(path, setting);
    if (known?.text !== text) known = { text, table: parse(text, path, setting, read) };
    return known.table;
  };
}

function parse<T>(text: string, path: string, setting: string, read: (text: string, report: Report) => T): T {
  const faults: string[] = [];
  const table = read(text, (line, fault) => void faults.push(`${basename(path)} line ${line}: ${fault}`));
  if (faults.length === 0) return table;
  const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : [];
  throw broken(setting, [...faults.slice(0, mostFaults), ...more]);
}

function textOf(path: string, setting: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw broken(setting, [messageOf(error)], error);
  }
}

function broken(setting: string, faults: string[], cause?: unknown): AppError {
  return new AppError('broken-table', `The table ${setting} cannot be used: ${faults.join('; ')}`, { cause });
}
