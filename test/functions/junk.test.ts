import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { act, permissionBody, subPermissionsBody } from '../actions.ts';
import { contract, createBody, eventCount, temporaryFolder, updateBody } from '../helpers.ts';
import { bodies, limits, seed, timeout, together, withServer, type Server } from './property/server.ts';
import type { Json } from './property/wire.ts';

const access = updateBody('SC-2', { email: 'x@waterrijk-zorg.example' }, [contract('2-1')]);
const pages = { actionContext: { ImportFields: ['externalId'] }, kind: 'dynamic', cursor: null, pageSize: 1 };

/** A body for every action that may be called, before anything in it is replaced. */
const sound: Readonly<Record<string, object>> = {
  create: createBody(9),
  update: access,
  enable: access,
  disable: access,
  delete: access,
  uniqueness: { ...createBody(1), operation: 'create' },
  permissions: pages,
  'grant-permission': permissionBody('reader', 'SC-2'),
  'revoke-permission': permissionBody('reader', 'SC-1'),
  'sub-permissions': subPermissionsBody('update', [contract('1-1'), contract('1-2')], { current: ['a|b'] }),
  resources: {
    actionContext: { DryRun: false },
    resourceContext: { SourceData: [{ ExternalId: 'D1', DisplayName: 'Zorg' }] },
  },
  'import-accounts': pages,
  'import-permissions': pages,
  'import-sub-permissions': pages,
};
const reads = ['uniqueness', 'permissions', 'import-accounts', 'import-permissions', 'import-sub-permissions'];

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom<Json>(
    '@{a=b}',
    'System.Object[]',
    '/Date(99999999999999999)/',
    '/Date(-1)/',
    '\ud83d',
    '\u0000',
    'x'.repeat(300),
    2 ** 63,
    -0,
    1e-7,
  ),
);
const step = fc.record({
  action: fc.constantFrom(...Object.keys(sound)),
  changes: fc.array(
    fc.record({
      at: fc.array(fc.nat(9), { minLength: 1, maxLength: 7 }),
      value: odd,
      key: fc.option(fc.string({ maxLength: 5 }), { freq: 9 }),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
});

test(
  'whatever stands anywhere in a body, it is answered, and a refusal or failure leaves the accounts as they were',
  { timeout },
  async () => {
    const catalogue = join(temporaryFolder(), 'rollen.csv');
    writeFileSync(catalogue, 'reference,unit,profile,name\nreader,Zorg,LEZER,Lezer\n');
    const policy = { roles: { assignedBy: 'permissions', catalogue } };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: together, maxLength: together }), async (steps) => {
        await withServer(policy, async (server) => {
          for (const number of [1, 2]) await act(server, 'create', createBody(number));
          await act(server, 'grant-permission', permissionBody('reader'));
          for (const { action, changes } of steps) {
            const body = changes.reduce<Json>(
              (json, { at, value, key }) => replaced(json, at, value, key),
              sound[action] as Json,
            );
            await expectHarmless(server, action, body);
          }
        });
      }),
      { numRuns: Math.ceil(bodies / together), seed, ...limits },
    );
  },
);

async function expectHarmless(server: Server, action: string, body: Json): Promise<void> {
  const events = () => eventCount(server.app.config.dataDir);
  const [accounts, before] = [await accountsOf(server), events()];
  const { status, json, text } = await server.post(`helloid/${action}`, JSON.stringify(body));
  expect([200, 422], text).toContain(status);
  const changes = events() - before;
  if (status === 422) {
    expect(json).toEqual({ message: expect.stringMatching(/\S/) as string, code: 'impossible' });
    expect(changes).toBe(0);
  } else {
    const written = reads.includes(action) ? [0] : [0, 1]; // none where the change made it a preview
    expect(written).toContain(changes);
  }
  const { Success } = json as { Success?: boolean };
  if (status === 422 || Success !== true || changes === 0) expect(await accountsOf(server)).toEqual(accounts);
}

/** The accounts without the time of the last call, which a failed one moves as well. */
async function accountsOf(server: Server): Promise<object[]> {
  const { accounts } = (await server.get('accounts?limit=500')).json as { accounts: Record<string, unknown>[] };
  return accounts.map(({ touchedAt, ...account }) => account);
}

/** Puts a value somewhere into a body, in place of what is there or under a key of its own. */
function replaced(json: Json, [first = 0, ...rest]: number[], value: Json, key: string | null): Json {
  if (typeof json !== 'object' || json === null) return value;
  const names = Object.keys(json);
  const name = names[first % names.length];
  if (name === undefined || (rest.length === 0 && key !== null))
    return Array.isArray(json) ? [...json, value] : { ...json, [key ?? 'x']: value };
  const inner = rest.length === 0 ? value : replaced((json as Record<string, Json>)[name] ?? null, rest, value, key);
  return Array.isArray(json) ? json.with(Number(name), inner) : { ...json, [name]: inner };
}
