import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventCount, viewerKey } from '../helpers.ts';
import { settings, steps, type Step } from './property/bodies.ts';
import {
  apply,
  fields,
  type Action,
  type Contract,
  type Expected,
  type Model,
  type Person,
  type Settings,
} from './property/model.ts';
import { bodies, limits, seed, timeout, together, withServer, type Server } from './property/server.ts';
import { spoiled } from './property/spoil.ts';
import { dicer, disguised, encoded, plainBody } from './property/wire.ts';

test(
  'valid bodies are accepted and the accounts are as the contract says, others are refused without a trace',
  { timeout },
  async () => {
    let sent = 0;
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(settings, steps(together), async (chosen, sequence) => {
        await withServer(policyOf(chosen), async (server) => {
          const model: Model = { people: [], deliveries: [] };
          for (const [index, one] of sequence.entries()) {
            sent += 1;
            if (await send(server, model, one, chosen)) accepted += 1;
            if (index % 8 === 7) await deliver(server, model);
          }
        });
      }),
      { numRuns: Math.ceil(bodies / together), seed, ...limits },
    );
    expect(accepted / sent, `${accepted} of ${sent} bodies were valid`).toBeGreaterThanOrEqual(0.5);
  },
);

function policyOf({ assignedBy, ...accounts }: Settings): object {
  return { roles: { assignedBy }, accounts };
}

/** Sends one body, and compares answer, accounts and events with the model; says whether the body was valid. */
async function send(server: Server, model: Model, one: Step, chosen: Settings): Promise<boolean> {
  const roll = dicer(one.dice);
  const events = eventCount(server.app.config.dataDir);
  const action: Action = { ...one.action, reference: referenceOf(model, one) };
  if (one.treatment === 'spoiled') {
    const { status, key, ...body } = spoiled(plainBody(action, one.believed), action.kind === 'sub-permissions', roll);
    const options = { type: body.type, ...(key && { key: key === 'none' ? null : viewerKey }) };
    const reply = await server.post(`helloid/${action.kind}`, body.body, options);
    expect([reply.status, reply.json], reply.text).toEqual([
      status,
      { message: expect.stringMatching(/\S/) as string, code: expect.any(String) as string },
    ]);
    expect(eventCount(server.app.config.dataDir)).toBe(events);
    await expectAccounts(server, model);
    return false;
  }

  const meant = one.treatment === 'bad-text' ? withBadText(action, roll) : action;
  const { type, body } = encoded(disguised(plainBody(meant, one.believed), roll), roll);
  const reply = await server.post(`helloid/${meant.kind}`, body, { type });
  expect(reply.status, reply.text).toBe(200);
  const expected = meant === action ? apply(model, action, chosen) : undefined;
  expectAnswer(reply.json, meant, expected);
  expect(eventCount(server.app.config.dataDir)).toBe(events + (action.dryRun ? 0 : 1));
  await expectAccounts(server, model);
  return expected?.success ?? false;
}

/** Now and then the daily files go out: the names in them are Spend Cloud's from then on. */
async function deliver({ app }: Server, model: Model): Promise<void> {
  for (const person of model.people.filter(
    ({ living, enabled, delivered }) => living && enabled && delivered === null,
  )) {
    const name = person.data.gebruikersnaam ?? '';
    const id = (await app.accounts.find(person.reference))?.id ?? 0;
    await app.runs.rememberDelivered(1, '2026-11-23T04:30:00.000Z', [
      { account: id, username: name, externalId: person.data.externalId ?? '', isActive: true },
    ]);
    person.delivered = name;
    model.deliveries.push({ name, reference: person.reference });
  }
}

/** A living account as a rule, now and then a deleted one, an unknown one or none at all. */
function referenceOf({ people }: Model, { action, target }: Step): string | null {
  if (action.kind === 'create' || target === 11) return null;
  const isLiving = target < 9;
  const some = people.filter(({ living }) => living === isLiving);
  return some[target % some.length]?.reference ?? 'SC-404';
}

/** The same action with a text that no file can hold. */
function withBadText(action: Action, roll: (sides: number) => number): Action {
  const text = ['a\u0000b', 'bell\u0007', 'x\u0085', '\ud83d', 'x'.repeat(201), '\u{1F600}'.repeat(201)][roll(6)] ?? '';
  if (action.kind !== 'sub-permissions')
    return {
      ...action,
      kind: action.kind === 'create' ? 'create' : 'update',
      data: { ...action.data, achternaam: text },
    };
  const place = { name: text, code: 'D0310' };
  const bad: Contract = {
    id: 'c1',
    inConditions: true,
    unit: place,
    profile: place,
    startDate: '2019-03-01T00:00:00Z',
  };
  return { ...action, operation: 'update', contracts: [bad] };
}

interface Output {
  Success: boolean;
  AccountReference?: string;
  AccountCorrelated?: boolean;
  Data?: Record<string, string | null> | null;
  SubPermissions?: { Reference: { Id: string } }[];
  AuditLogs: { Action: string; Message: string; IsError: boolean }[];
}

const legal = /^((Create|Correlate|Update|Enable|Disable|Delete)Account|(Grant|Update|Revoke)Permission)$/;

/** Without an expectation the action must have failed. */
function expectAnswer(output: Output, { kind, dryRun }: Action, expected: Expected | undefined): void {
  expect(output.Success, JSON.stringify(output)).toBe(expected?.success ?? false);
  expect(output.AuditLogs.length).toBeGreaterThan(0);
  for (const { Action, Message, IsError } of output.AuditLogs) {
    expect(Action).toMatch(legal);
    expect(Message).toMatch(/\S/);
    expect(IsError).toBe(!output.Success);
  }
  if (!expected?.success) return;
  if (kind === 'sub-permissions') {
    expect(output.SubPermissions?.map(({ Reference }) => Reference.Id).toSorted()).toEqual(
      expected.subPermissions.toSorted(),
    );
    return;
  }
  const isNew = kind === 'create' && !expected.correlated;
  expect(output.AccountReference).toEqual(isNew && dryRun ? expect.stringMatching(/\S/) : expected.reference);
  expect(output.AccountCorrelated).toBe(expected.correlated);
  const shown = kind === 'delete' ? null : (expected.after?.data ?? null);
  const answered =
    output.Data && Object.fromEntries(Object.entries(output.Data).map(([name, text]) => [name.toLowerCase(), text]));
  expect(answered).toEqual(shown && Object.fromEntries(fields.map((field) => [field.toLowerCase(), shown[field]])));
}

/** The accounts that the server shows are those of the model, to the last role. */
async function expectAccounts(server: Server, { people }: Model): Promise<void> {
  const { accounts } = (await server.get('accounts?limit=500')).json as {
    accounts: (Record<string, unknown> & { roles: Shown[] })[];
  };
  const held = accounts.map(({ reference, enabled, roles, ...data }) => ({
    reference,
    enabled,
    data: Object.fromEntries(fields.map((field) => [field, data[field]])),
    roles: sorted(roles),
  }));
  const wanted = people.filter(({ living }) => living).map((person) => shown(person));
  expect(byReference(held)).toEqual(byReference(wanted));
}

type Shown = Record<string, unknown> & { permission: string; contract: string };

function shown({ reference, enabled, data, roles }: Person) {
  return { reference, enabled, data, roles: sorted(roles.map((role) => ({ ...role, endDate: null }))) };
}

function sorted(roles: Shown[]): Shown[] {
  const key = ({ permission, contract }: Shown) => JSON.stringify([permission, contract]);
  return roles.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function byReference<Item extends { reference: unknown }>(items: Item[]): Item[] {
  return items.toSorted((a, b) => (String(a.reference) < String(b.reference) ? -1 : 1));
}
