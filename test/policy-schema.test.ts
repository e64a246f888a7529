import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Policy } from '../shared/policy.ts';
import { connectorSchema } from '../tools/connector-schema.ts';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('connector.schema.json is what the validator says (npm run schema writes it)', () => {
  expect(read('connector.schema.json')).toBe(connectorSchema());
});

test('every setting has a description and, except for those with a sound absence, a default', () => {
  const bare: string[] = [];
  const withoutDefault: string[] = [];
  for (const [path, schema] of settingsOf(z.toJSONSchema(Policy, { io: 'input' }))) {
    if (!schema.description) bare.push(path);
    if (schema.default === undefined) withoutDefault.push(path);
  }
  expect(bare).toEqual([]);
  expect(withoutDefault.filter((path) => !path.includes('[]'))).toEqual([
    '$schema',
    'spendCloud.leavers',
    'files.persons.bom',
    'files.persons.columns',
    'files.roles.bom',
  ]);
});

test('connector.example.json is the complete default policy', () => {
  const { $schema, ...example } = JSON.parse(read('connector.example.json')) as Record<string, unknown>;
  expect($schema).toBe('./connector.schema.json');
  expect(example).toStrictEqual(Policy.parse({}));
});

function settingsOf(schema: z.core.JSONSchema.BaseSchema, prefix = ''): [string, z.core.JSONSchema.BaseSchema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${prefix}${name}`;
    const setting = inner as z.core.JSONSchema.BaseSchema;
    const items = (setting.items ?? {}) as z.core.JSONSchema.BaseSchema;
    return [[path, setting], ...settingsOf(setting, `${path}.`), ...settingsOf(items, `${path}[].`)];
  });
}
