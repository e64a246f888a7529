import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, found from where this stands: in the build its distance is another. Done by hand, because an older Node must get as far as being told it is too old. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error('there is no package.json above the program');
    folder = dirname(folder);
  }
  return folder;
}

/** The version that package.json says. */
export function packageVersion(): string {
  version ??= (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string }).version;
  return version;
}

let version: string | undefined;
