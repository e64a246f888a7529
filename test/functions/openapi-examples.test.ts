import { Ajv2020 } from 'ajv/dist/2020.js';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { story, type Example } from '../../functions/openapi/examples.ts';
import { clockAt, temporaryFolder, testServer, type TestServer } from '../helpers.ts';
import { callRoute } from './call-route.ts';
import { operationsOf, readDocument, type Content } from './openapi-document.ts';

/** Settings as the kit wants them, at a moment of its own. */
async function kitServer(): Promise<TestServer> {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(
    catalogue,
    'reference,unit,profile,name\nD0420|INK-MED,Inkoop & Facilitair,INK-MED,Inkoop & Facilitair - INK-MED\n',
  );
  return testServer({
    policy: { accounts: { initiallyEnabled: false }, roles: { assignedBy: 'permissions', catalogue } },
    now: clockAt('2026-11-23T10:00:00.000Z').now,
  });
}

const sampleOf = ({ name }: Example) => join(import.meta.dirname, '..', 'samples', 'helloid', `${name}.json`);

test('each example request is accepted by a running server, and each example answer is what it answers', async () => {
  const server = await kitServer();
  const answered: unknown[] = [];
  for (const example of story) {
    const { status, json } = await callRoute(server, example);
    answered.push({ ...example, status, answer: json });
  }
  expect(answered).toEqual(story.map((example) => ({ ...example, status: example.status ?? 200 })));
});

test('each example is in the document, and fits the schema it stands beside', async () => {
  const document = await readDocument(await kitServer());
  const ajv = new Ajv2020({ strict: true, validateFormats: false, allowUnionTypes: true });
  ajv.addVocabulary(['components']);
  ajv.addSchema({ $id: 'https://connector.example/openapi', components: document.components });
  const shown: { route: string; name: string; value: unknown }[] = [];
  for (const [route, { requestBody, responses }] of operationsOf(document)) {
    const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
    for (const { schema, examples } of contents.flatMap((content?: Content) => Object.values(content ?? {}))) {
      for (const [name, { value }] of Object.entries(examples ?? {})) {
        const validate = ajv.compile({ ...schema, $ref: `https://connector.example/openapi${schema.$ref ?? ''}` });
        validate(value);
        expect(validate.errors, `${route} ${name}`).toBeNull();
        shown.push({ route, name, value });
      }
    }
  }
  const expected = story.flatMap(({ route, name, request, answer }) =>
    [request, answer].filter((value) => value !== undefined).map((value) => ({ route, name, value })),
  );
  expect(shown).toHaveLength(expected.length);
  expect(shown).toEqual(expect.arrayContaining(expected));
});

test("each of HelloID's actions has a request and an answer", async () => {
  const operations = [...operationsOf(await readDocument(await kitServer()))];
  const actions = operations.filter(([, { tags }]) => tags.includes('HelloID'));
  const bare = actions.filter(([route]) => !story.some((example) => example.route === route && example.request));
  expect([actions.length, bare]).toEqual([14, []]);
});

test.each(story.filter((example) => existsSync(sampleOf(example))).map((example) => [example.name, example]))(
  'the example %s is the sample, cut down',
  (_name, example) => {
    const sample = JSON.parse(readFileSync(sampleOf(example), 'utf8')) as object;
    const { kind, cursor, pageSize, ...request } = example.request as Record<string, unknown>;
    expectWithin(sample, request, '');
  },
);

test('no example holds settings or anything private', () => {
  const text = JSON.stringify(story);
  for (const word of ['Configuration"', 'functionKey', 'Details', 'Contact', 'BirthDate', 'Manager'])
    expect(text.replaceAll('"CorrelationConfiguration"', '')).not.toContain(word);
});

/** Everything in the part is in the whole, lists possibly shorter. */
function expectWithin(whole: unknown, part: unknown, path: string): void {
  if (typeof part !== 'object' || part === null) {
    expect(part, path).toEqual(whole);
    return;
  }
  for (const [name, value] of Object.entries(part))
    expectWithin((whole as Record<string, unknown> | null)?.[name], value, `${path}.${name}`);
}
