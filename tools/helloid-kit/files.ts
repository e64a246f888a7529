import { format } from 'prettier';
import { fieldMappings } from './field-mapping.ts';
import { renderScript } from './render.ts';
import { kitScripts } from './scripts.ts';

/** Every generated file of the kit: its path under `helloid/` and its text. */
export async function kitFiles(): Promise<Map<string, string>> {
  const files = new Map(kitScripts.map((script) => [script.path, renderScript(script)]));
  for (const [name, mapping] of Object.entries(fieldMappings)) {
    files.set(`field-mapping/${name}`, await format(JSON.stringify(mapping), { parser: 'json', printWidth: 120 }));
  }
  return files;
}
