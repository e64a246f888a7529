import { format } from 'prettier';
import { fieldMappings } from './field-mapping.ts';

/** Every generated file of the kit: its path under `helloid/` and its text. */
export async function kitFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [name, mapping] of Object.entries(fieldMappings)) {
    files.set(`field-mapping/${name}`, await format(JSON.stringify(mapping), { parser: 'json', printWidth: 120 }));
  }
  return files;
}
