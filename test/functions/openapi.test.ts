import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../functions/openapi/document.ts';
import { descriptions } from '../../functions/openapi/descriptions.ts';
import { routes } from '../../functions/routes.ts';
import { agentKey, operatorKey, testConfig, testServer, viewerKey } from '../helpers.ts';
import { operationsOf, readDocument } from './openapi-document.ts';

test('the document is valid OpenAPI 3.1, and its schemas are valid JSON Schemas', async () => {
  const document = await readDocument(await testServer());
  expect(document.openapi).toMatch(/^3\.1\./);
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  const ajv = new Ajv2020({ strict: true, validateFormats: false, allowUnionTypes: true });
  ajv.addVocabulary(['components']);
  ajv.addSchema({ $id: 'https://connector.example/openapi', components: document.components });
  const names = Object.keys(document.components.schemas);
  expect(names).not.toEqual([]);
  for (const name of names)
    expect(ajv.getSchema(`https://connector.example/openapi#/components/schemas/${name}`), name).toBeDefined();
});

test('each route and no other is in it, with its method, its path and its scope', async () => {
  const { paths } = await readDocument(await testServer());
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, security }]) => ({ operationId, method, path, security })),
  );
  const byName = <Named extends { operationId: string }>(some: Named[]) =>
    some.toSorted((a, b) => a.operationId.localeCompare(b.operationId));
  expect(byName(described)).toEqual(
    byName(
      routes.map(({ name, method, path, scope }) => ({
        operationId: name,
        method: method.toLowerCase(),
        path: `/${path}`,
        security: scope === 'anonymous' ? [] : [{ header: [scope] }, { query: [scope] }],
      })),
    ),
  );
  expect(Object.keys(descriptions).toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
});

test('it says its version, its place, how keys are sent, and tags that are all in use', async () => {
  const { info, servers, tags, components, paths } = await readDocument(await testServer());
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect([info.version, servers]).toEqual([version, [{ url: '/api' }]]);
  expect(components.securitySchemes).toMatchObject({
    header: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
    query: { type: 'apiKey', in: 'query', name: 'code' },
  });
  const used = Object.values(paths).flatMap((path) => Object.values(path).flatMap((operation) => operation.tags));
  expect(new Set(used)).toEqual(new Set(tags.map(({ name }) => name)));
});

test('account fields and contract paths are those of connector.json', async () => {
  const server = await testServer({
    policy: {
      fields: [{ name: 'kostenplaats' }],
      roles: { unit: { name: 'CostCenter.Name', code: 'CostCenter.Code' } },
    },
  });
  const { AccountAction, Account } = (await readDocument(server)).components.schemas;
  const text = { type: ['string', 'null'] };
  expect(JSON.stringify(AccountAction)).toContain(JSON.stringify({ Name: text, Code: text, ExternalId: text }));
  expect(JSON.stringify(AccountAction)).toContain('"CostCenter"');
  expect(JSON.stringify(AccountAction)).not.toContain('"Department"');
  expect(JSON.stringify(AccountAction)).toContain(`"kostenplaats":${JSON.stringify(text)}`);
  expect(Account?.properties).toMatchObject({ gebruikersnaam: text, kostenplaats: text });
  const { components } = await readDocument(await testServer());
  expect(JSON.stringify(components)).not.toContain('kostenplaats');
});

test('what a body must hold is refused without it, and what may come without a body does', async () => {
  const server = await testServer();
  const document = await readDocument(server);
  const withBody = [...operationsOf(document)].filter(([, { requestBody }]) => requestBody);
  expect(withBody.length).toBeGreaterThan(20);
  for (const [name, { requestBody }] of withBody) {
    const route = routes.find((candidate) => candidate.name === name);
    const path = route?.path.replace('{id}', '1').replace(/\{\w+\}/g, 'SC-1') ?? '';
    const schema = requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1) ?? '';
    const { required = [] } = document.components.schemas[schema] ?? {};
    expect(required.length > 0, name).toBe(requestBody?.required);
    const { status } = await server.post(path, {}, { key: operatorKey });
    // the run or account may be looked for first
    expect(requestBody?.required === true ? [404, 422] : [202], name).toContain(status);
  }
});

test('a viewer may read it, an agent may not', async () => {
  const server = await testServer();
  expect((await server.get('openapi.json', viewerKey)).status).toBe(200);
  expect((await server.get('openapi.json', agentKey)).status).toBe(403);
  expect((await server.get('openapi.json', null)).status).toBe(401);
});

test('a route that nobody described is not passed over', () => {
  const [route] = routes;
  const unknown = { ...route, name: 'unheard-of' } as (typeof routes)[number];
  expect(() => openApiDocument([unknown], testConfig().policy)).toThrow(/unheard-of is not described/);
});
