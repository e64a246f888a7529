import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * Where in the bytes of a data folder these values still stand, in capitals or not, in UTF-8, UTF-16 or Latin-1, as JSON or as SQL: `spendcloud.db: value`.
 * Backups are left out, compressed files opened.
 */
export function traces(dataDir: string, values: readonly string[]): string[] {
  return filesIn(dataDir)
    .filter((path) => !relative(dataDir, path).startsWith('backups'))
    .flatMap((path) => {
      const bytes = readFileSync(path);
      const text = lowered((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'));
      return values
        .filter((value) => writings(value).some((writing) => text.includes(lowered(writing))))
        .map((value) => `${relative(dataDir, path)}: ${value}`);
    });
}

/** The ways in which a value may have been written, each byte as the character of its number. */
function writings(value: string): string[] {
  const cases = [value, value.toLowerCase(), value.toUpperCase()].flatMap((text) => [text, text.normalize('NFD')]);
  return [...new Set(cases)].flatMap((text) => [
    Buffer.from(text, 'utf8').toString('latin1'),
    Buffer.from(text, 'latin1').toString('latin1'),
    Buffer.from(text, 'utf16le').toString('latin1'),
    Buffer.from(JSON.stringify(text).slice(1, -1), 'utf8').toString('latin1'),
    text.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
    text.replaceAll("'", "''"),
  ]);
}

/** Only A to Z: the other characters are bytes of something else. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
