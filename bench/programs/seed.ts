/** Fills a data folder through the product's own schema and trail: people who were delivered before, their roles, entries of the trail that tell of them in turn. */
import { randomInt } from 'node:crypto';
import { built } from '../built.ts';
import { accountValues, roleValues } from './invented.ts';
import { answer, orderOf } from './order.ts';

export interface SeedOrder {
  dataDir: string;
  persons: number;
  roles: number;
  /** Of the audit trail. */
  entries: number;
}

const { dataDir, persons, roles, entries } = orderOf<SeedOrder>();
const { openDatabase } = await built<typeof import('../../shared/store/open.ts')>('shared/store/open');
const { auditTrail } = await built<typeof import('../../shared/store/audit.ts')>('shared/store/audit');
const { silent } = await built<typeof import('../../shared/log.ts')>('shared/log');
const { writing: db, reading, close } = openDatabase(dataDir, silent);
db.pragma('synchronous = OFF'); // nothing is measured here
const at = '2026-01-05T04:30:00.000Z';
const addAccount = db.prepare(accountValues.insert);
const addRole = db.prepare(roleValues.insert);
const addName = db.prepare('INSERT INTO delivered_usernames (username_key, account, delivered_at) VALUES (?, ?, ?)');
const trail = auditTrail(db, reading);

const ids = Array.from({ length: persons }, () => randomInt(2 ** 47));

function rolesOf(account: number, person: number) {
  const count = Math.floor((roles * (person + 1)) / persons) - Math.floor((roles * person) / persons);
  return Array.from({ length: count }, (_, index) => roleValues.of(account, person, index + 1));
}

const together = db.transaction((from: number, to: number) => {
  for (let number = from; number < to; number += 1) {
    const account = accountValues.of(ids[number] ?? 0, number, at, true);
    addAccount.run(account);
    addName.run(account.username, account.id, at);
    for (const role of rolesOf(account.id, number)) addRole.run(role);
  }
});
for (let from = 0; from < persons; from += 10_000) together(from, Math.min(persons, from + 10_000));

const record = db.transaction((from: number, to: number) => {
  for (let number = from; number < to; number += 1) append(number);
});
for (let from = 0; from < entries; from += 10_000) record(from, Math.min(entries, from + 10_000));
db.pragma('wal_checkpoint(TRUNCATE)');
close();
answer({});

function append(number: number): void {
  const person = number % persons;
  const id = ids[person] ?? 0;
  const account = accountValues.of(id, person, at);
  const { external_id: externalId, username, email, first_name, prefix, last_name, gender, reference } = account;
  const fields = { reference, externalId, username, email, firstName: first_name, prefix, lastName: last_name, gender };
  const after = {
    account: { ...fields, extra: {}, enabled: true },
    roles: rolesOf(id, person).map(({ permission, contract, unit, unit_code, profile, profile_code }) => {
      const names = { unit, unitCode: unit_code, profile, profileCode: profile_code };
      return {
        owner: 'account' as const,
        permission,
        contract,
        ...names,
        startDate: '2019-03-01T00:00:00Z',
        endDate: null,
      };
    }),
  };
  const said = {
    outcome: 'created' as const,
    success: true,
    reference,
    externalId,
    key: 'agent',
    origin: 'enforcement',
  };
  trail.append(at, 'create', id, { ...said, requestId: null, before: null, after, messages: ['Created'] });
}
