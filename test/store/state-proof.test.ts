import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { writeTo } from '../../shared/backup/make-backup.ts';
import { restore } from '../../shared/backup/restore.ts';
import { keepHead, keptHeads } from '../../shared/kept-heads.ts';
import { silent } from '../../shared/log.ts';
import { detailDigest, link, chainStart } from '../../shared/store/audit.ts';
import { proveState } from '../../shared/store/state-proof.ts';
import { verifyState, verifyTrail } from '../../shared/store/audit-verify.ts';
import { databasePath, openReading } from '../../shared/store/open.ts';
import { sqlite3 } from '../command.ts';
import { clockAt, contract, createBody, temporaryFolder, testServer, updateBody } from '../helpers.ts';

const why = { by: 'Fenna', reason: 'asked for it' };

/** People to whom everything happened that changes an account; the server still runs. */
async function lives(options: Parameters<typeof testServer>[0] = {}) {
  const policy = { fields: [{ name: 'kostenplaats' }, { name: 'afdeling' }], ...options.policy };
  const server = await testServer({ ...options, policy });
  const { post } = server;
  for (const number of [1, 2, 3, 4, 5]) await post('helloid/create', createBody(number, { kostenplaats: 'K1' }));
  await post(
    'helloid/update',
    updateBody('SC-1', { achternaam: 'Nieuw', afdeling: 'A' }, [contract('1-1'), contract('1-2', ['Inkoop', 'I1'])]),
  );
  await post('helloid/update', updateBody('SC-1', { achternaam: 'Nieuw' })); // changes nothing
  await post('helloid/disable', updateBody('SC-2', null));
  await post('helloid/delete', updateBody('SC-3', null));
  await post('helloid/delete', updateBody('SC-4', null));
  await post('helloid/create', createBody(4, { achternaam: 'Terug' })); // back again
  return server;
}

function reasonOf(path: string): string {
  const found = verifyState(path);
  return found.ok ? 'proven' : `${found.brokenAt ?? '-'}: ${found.reason}`;
}

test('accounts and roles are as the trail left them, whatever happened to people', async () => {
  const { app } = await lives();
  const path = databasePath(app.config.dataDir);
  expect(verifyState(path)).toEqual({ ok: true, accounts: 5, untold: 0 });
  const db = openReading(path);
  for (const together of [1, 2, 5]) expect(proveState(db, together)).toEqual({ ok: true, accounts: 5, untold: 0 });
  db.close();
});

test.each([
  ['access taken away', "UPDATE accounts SET enabled = 0 WHERE reference = 'SC-1'", /^6: Account \[SC-1\].*enabled/],
  ['access given', "UPDATE accounts SET enabled = 1 WHERE reference = 'SC-2'", /\[SC-2\].*enabled/],
  ['another username', "UPDATE accounts SET username = 'boss' WHERE reference = 'SC-5'", /^5: .*username/],
  ['another further field', `UPDATE accounts SET extra = '{"kostenplaats":"K2"}' WHERE reference = 'SC-5'`, /extra/],
  ['a leaver let in', "UPDATE accounts SET deleted_at = NULL WHERE reference = 'SC-3'", /\[SC-3\].*deletion/],
  ['somebody put out', "UPDATE accounts SET deleted_at = 'x' WHERE reference = 'SC-4'", /\[SC-4\].*life/],
  [
    'a role given',
    `INSERT INTO roles SELECT account, owner, 'CFO', contract, 'Directie', 'D1', 'CFO', 'CFO', NULL, NULL FROM roles WHERE account = (SELECT id FROM accounts WHERE reference = 'SC-1') LIMIT 1`,
    /\[SC-1\].*roles/,
  ],
  [
    'a role changed',
    `UPDATE roles SET profile_code = 'CFO' WHERE account = (SELECT id FROM accounts WHERE reference = 'SC-5')`,
    /\[SC-5\].*roles/,
  ],
  [
    'a role taken',
    `DELETE FROM roles WHERE account = (SELECT id FROM accounts WHERE reference = 'SC-5')`,
    /\[SC-5\].*roles/,
  ],
  [
    'a role of nobody',
    "PRAGMA foreign_keys = OFF; INSERT INTO roles VALUES (77, 'account', 'CFO', '', NULL, NULL, NULL, 'CFO', NULL, NULL)",
    /1 role\(s\) belong to no account/,
  ],
  [
    'a person put in',
    `INSERT INTO accounts (id, reference, external_id, username, username_key, extra, enabled, created_at, changed_at, touched_at) VALUES (77, 'SC-77', '77', 'x', 'x', '{}', 1, '', '', '')`,
    /No entry tells of how account \[SC-77\]/,
  ],
  [
    'a person taken out',
    "PRAGMA foreign_keys = ON; DELETE FROM accounts WHERE reference = 'SC-5'",
    /^5: Entry 5 tells of an account that is not there/,
  ],
])('%s beside the connector is found', async (_what, sql, reason) => {
  const { app } = await lives();
  const { dataDir } = app.config;
  await app.close();
  sqlite3(dataDir, sql);
  expect(reasonOf(databasePath(dataDir))).toMatch(reason);
});

test('what was erased is proven by its absence on both sides', async () => {
  const clock = clockAt('2026-01-05T10:00:00.000Z');
  const { app, post, get } = await lives({ now: clock.now });
  const path = databasePath(app.config.dataDir);
  await post('exports');
  await app.daily.settled();
  await app.privacy.erasePerson('3', why);
  expect((await get('accounts/SC-3')).status).toBe(404);
  expect(verifyState(path)).toEqual({ ok: true, accounts: 4, untold: 0 });

  clock.set('2027-06-01T10:00:00.000Z'); // names of who was deleted are past their term
  await post('helloid/delete', updateBody('SC-4', null));
  await app.daily.runNow();
  await app.daily.settled();
  clock.set('2028-07-01T10:00:00.000Z');
  await app.daily.runNow();
  await app.daily.settled();
  await app.privacy.tick();
  await app.privacy.tick();
  expect(verifyState(path)).toMatchObject({ ok: true, untold: 0 });
  sqlite3(
    app.config.dataDir,
    `INSERT INTO accounts (id, reference, external_id, username, username_key, extra, enabled, created_at, changed_at, touched_at)
    SELECT account, 'SC-3', '3', 'p3', 'p3', '{}', 1, '', '', '' FROM audit WHERE entry = 3`,
  );
  expect(reasonOf(path)).toMatch(/Account \[SC-3\] is not as entry \d+ left it \(life\)/);
});

test('a purge keeps what living accounts have by their newest entry, and that goes with a later change', async () => {
  const clock = clockAt('2026-01-05T10:00:00.000Z');
  const { app, post, get } = await lives({ now: clock.now });
  const path = databasePath(app.config.dataDir);
  clock.set('2026-02-05T10:00:00.000Z');
  await app.privacy.purge('2026-02-01T00:00:00.000Z', why);
  expect(verifyState(path)).toMatchObject({ ok: true, untold: 0 });
  const withheld = async (reference: string) =>
    ((await get(`accounts/${reference}`)).json as { history: { withheld?: string }[] }).history.map(
      (entry) => entry.withheld,
    );
  expect(await withheld('SC-1')).toEqual(['all', 'past', 'all']);
  expect(await withheld('SC-5')).toEqual(['past']);
  await post('helloid/update', updateBody('SC-5', { achternaam: 'Anders' }));
  await app.privacy.purge('2026-02-01T00:00:00.000Z', why);
  expect(await withheld('SC-5')).toEqual([undefined, 'all']);
  expect(await withheld('SC-1')).toEqual(['all', 'past', 'all']);
  expect(verifyTrail(path)).toMatchObject({ ok: true });
  expect(verifyState(path)).toMatchObject({ ok: true, untold: 0 });
  sqlite3(app.config.dataDir, "UPDATE accounts SET enabled = 1 WHERE reference = 'SC-2'");
  expect(reasonOf(path)).toMatch(/\[SC-2\].*enabled/);
});

test('what an earlier release erased for its age is counted, and no fault', async () => {
  const { app } = await lives();
  const { dataDir } = app.config;
  await app.close();
  rewrite(dataDir, (detail, entry) =>
    entry === 5 ? { ...detail, reference: null, externalId: null, after: null, messages: [], withheld: 'all' } : detail,
  );
  expect(verifyState(databasePath(dataDir))).toEqual({ ok: true, accounts: 5, untold: 1 });
});

test('a trail that is written anew, cut off, or older than what is kept beside it does not pass', async () => {
  const { app, post } = await lives();
  const { dataDir } = app.config;
  const path = databasePath(dataDir);
  await post('exports');
  await app.daily.settled();
  const early = join(temporaryFolder(), 'early.db');
  await app.close();
  copyFileSync(path, early);
  const verify = () => {
    const found = verifyTrail(path, null, undefined, keptHeads(path));
    return found.ok ? found.heads : found.reason;
  };
  expect(verify()).toEqual({ same: 1, replaced: 0 });

  rewrite(dataDir, (detail) => ({ ...detail, key: 'somebody-else' }));
  expect(verifyTrail(path)).toMatchObject({ ok: true });
  expect(verify()).toMatch(/rewritten; it was kept beside the files of run 1/);

  copyFileSync(early, path);
  keepHead(dataDir, {
    entry: 40,
    hash: chainStart,
    at: '2026-02-01T00:00:00.000Z',
    where: 'when a message was sent (webhook)',
  });
  expect(verify()).toMatch(/entry 40 was kept when a message was sent \(webhook\)/);
  rmSync(join(dataDir, 'trail-heads.jsonl'));
  sqlite3(
    dataDir,
    'DROP TRIGGER audit_keeps_entries; DROP TRIGGER audit_detail_keeps_entries; DELETE FROM audit_detail WHERE entry > 8; DELETE FROM audit WHERE entry > 8',
  );
  expect(verify()).toMatch(/ends at entry 8, but entry \d+ was kept beside the files of run 1/);
});

test('after a restore the heads of the replaced trail are told apart, by what the trail says of it', async () => {
  const { app, post } = await lives();
  const { dataDir } = app.config;
  const path = databasePath(dataDir);
  const { file } = await writeTo(path, join(temporaryFolder(), 'backup.db.gz'));
  await post('helloid/create', createBody(6));
  await post('exports');
  await app.daily.settled();
  await app.close();
  const order = { dataDir, file, fromBlob: false, blobs: null, decider: why, now: new Date(), log: silent };
  await restore(order);
  expect(verifyTrail(path, null, undefined, keptHeads(path))).toMatchObject({
    ok: true,
    heads: { same: 0, replaced: 1 },
  });
  expect(verifyState(path)).toMatchObject({ ok: true, untold: 0 });
});

/** Writes the trail anew as a whole, as somebody who knows how it is made can. */
function rewrite(dataDir: string, change: (detail: Record<string, unknown>, entry: number) => object): void {
  sqlite3(dataDir, 'DROP TRIGGER audit_keeps_values; DROP TRIGGER audit_detail_keeps_values');
  const db = new Database(databasePath(dataDir));
  let previous = chainStart;
  const rows = db
    .prepare(
      'SELECT audit.entry, at, kind, account, salt, detail FROM audit JOIN audit_detail USING (entry) ORDER BY entry',
    )
    .all() as { entry: number; at: string; kind: string; account: number | null; salt: string; detail: string }[];
  for (const { entry, at, kind, account, salt, detail } of rows) {
    const text = JSON.stringify(change(JSON.parse(detail) as Record<string, unknown>, entry));
    const digest = detailDigest(salt, text);
    previous = link(previous, entry, at, kind, account, digest);
    db.prepare('UPDATE audit SET digest = ?, hash = ? WHERE entry = ?').run(digest, previous, entry);
    db.prepare('UPDATE audit_detail SET detail = ? WHERE entry = ?').run(text, entry);
  }
  db.close();
}
