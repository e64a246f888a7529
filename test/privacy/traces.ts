import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Where in the bytes of a data folder these values still stand, backups left out, compressed files opened: `spendcloud.db: value`. */
export function traces(dataDir: string, values: readonly string[]): string[] {
  return filesIn(dataDir)
    .filter((path) => !relative(dataDir, path).startsWith('backups'))
    .flatMap((path) => {
      const bytes = readFileSync(path);
      const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').toLowerCase();
      return values
        .filter((value) => text.includes(Buffer.from(value, 'utf8').toString('latin1').toLowerCase()))
        .map((value) => `${relative(dataDir, path)}: ${value}`);
    });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
