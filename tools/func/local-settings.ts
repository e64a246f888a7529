import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A setting as Core Tools read it: the environment wins over the Values of local.settings.json; an empty one counts as absent. */
export function readSetting(name: string, folder: string): string | undefined {
  const given = process.env[name];
  if (given !== undefined && given !== '') return given;
  const { Values } = JSON.parse(readFileSync(join(folder, 'local.settings.json'), 'utf8')) as {
    Values: Record<string, string>;
  };
  const written = Values[name];
  return written === '' ? undefined : written;
}
