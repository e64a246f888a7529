import { readFileSync } from 'node:fs';

/** The text of a UTF-8 file without its byte order mark; throws an Error whose message says why it cannot be read. */
export function readTextFile(path: string): string {
  const bytes = readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error(`the file ${path} is not UTF-8 text`, { cause });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The bytes of a file; throws an Error whose message says why it cannot be read. */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`there is no file ${path}`, { cause });
    if (code === 'EISDIR') throw new Error(`found a folder at ${path}`, { cause });
    throw new Error(`${path} cannot be read (${code ?? 'unknown reason'})`, { cause });
  }
}
