/** The reference for creates: better-sqlite3 alone, one FULL commit each of one account, two roles and one event of 900 bytes, the product's indexes. */
import { randomInt } from 'node:crypto';
import { built } from '../built.ts';
import { accountValues, roleValues } from './invented.ts';
import { answer, orderOf } from './order.ts';

export interface BareLoopOrder {
  dataDir: string;
  seconds: number;
}

const { dataDir, seconds } = orderOf<BareLoopOrder>();
const { openDatabase } = await built<typeof import('../../shared/store/open.ts')>('shared/store/open');
const { silent } = await built<typeof import('../../shared/log.ts')>('shared/log');
const { writing: db, close } = openDatabase(dataDir, silent);
// one row for what the product spreads over a chained and an erasable part, under the same five indexes
db.exec(`
  CREATE TABLE event (entry INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, account INTEGER, reference TEXT, external_id TEXT, detail TEXT NOT NULL) STRICT;
  CREATE INDEX event_account ON event (account, entry);
  CREATE INDEX event_at ON event (at);
  CREATE INDEX event_kind ON event (kind, at);
  CREATE INDEX event_reference ON event (reference);
  CREATE INDEX event_external_id ON event (external_id);
`);
const addAccount = db.prepare(accountValues.insert);
const addRole = db.prepare(roleValues.insert);
const addEvent = db.prepare(
  'INSERT INTO event (at, kind, account, reference, external_id, detail) VALUES (?, ?, ?, ?, ?, ?)',
);
const detail = 'x'.repeat(900);
const at = new Date().toISOString();
const create = db.transaction((number: number) => {
  const account = accountValues.of(randomInt(2 ** 47), number, at);
  addAccount.run(account);
  addRole.run(roleValues.of(account.id, number, 1));
  addRole.run(roleValues.of(account.id, number, 2));
  addEvent.run(new Date().toISOString(), 'create', account.id, account.reference, account.external_id, detail);
});

const warmUntil = performance.now() + (seconds * 1000) / 3;
const end = warmUntil + seconds * 1000;
let done = 0;
for (let number = 1; performance.now() < end; number += 1) {
  create.immediate(number);
  if (performance.now() >= warmUntil) done += 1;
}
answer({ perSecond: done / seconds });
close();
