import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The folder of package.json, found from where this stands: in the build its distance is another. */
export function packageFolder(): string {
  return dirname(packageFile());
}

/** The version that package.json says. */
export function packageVersion(): string {
  version ??= (JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string }).version;
  return version;
}

let version: string | undefined;

function packageFile(): string {
  const place = findPackageJSON(import.meta.url);
  if (place === undefined) throw new Error('there is no package.json above the program');
  return place;
}
