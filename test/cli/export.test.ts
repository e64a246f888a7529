import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { waitForEnd } from '../../cli/export.ts';
import { databasePath } from '../../shared/store/open.ts';
import { runLock } from '../../shared/store/run-lock.ts';
import { runNow } from '../actions.ts';
import { command } from '../command.ts';
import { createBody, temporaryFolder, testApp, testServer, updateBody } from '../helpers.ts';
import { canMount, smallDisk } from '../small-disk.ts';

const who = ['--by', 'Fenna', '--reason', 'mended'];

test('a run that another process kept waiting, and does not make itself, is made here once that is done', async () => {
  const { app, post } = await testServer();
  await post('helloid/create', createBody(1));
  const lock = runLock(app.config.dataDir); // as an erasure takes it
  onTestFinished(() => lock.close());
  const release = lock.take();
  const { id } = await app.daily.runNow();
  await app.daily.settled();
  expect(await app.runs.find(id)).toMatchObject({ state: 'waiting' });
  const ended = waitForEnd(app, id);
  release?.();
  expect(await ended).toMatchObject({ state: 'delivered' });
});

test('a command that waits for another process says so, and ends where that one gets on with nothing', async () => {
  const { app, post } = await testServer();
  await post('helloid/create', createBody(1));
  const other = runLock(app.config.dataDir);
  onTestFinished(() => other.close());
  other.take();
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => said.mockRestore());
  const { id } = await app.daily.runNow();
  const patience = { sayAfter: 0, giveUpAfter: { waiting: 600, working: Infinity } };
  await expect(waitForEnd(app, id, patience)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/Run 1 is still waiting: another process.*spendcloud run 1/) as string,
  });
  expect(said.mock.calls).toEqual([[expect.stringMatching(/^Run 1 is waiting: another process works on the runs/)]]);

  await app.runs.move(id, ['waiting'], { state: 'rendering' }); // the other one begins
  const ended = waitForEnd(app, id, patience);
  await app.runs.move(id, ['rendering'], { state: 'held' });
  expect(await ended).toMatchObject({ state: 'held' });
});

test('a released run that rests because deliveries were paused meanwhile is not waited for', async () => {
  const app = await testApp();
  const run = await app.runs.create('manual', null);
  await app.daily.pause({ by: 'Fenna', reason: 'change-over day' });
  await app.runs.move(run?.id ?? 0, ['waiting'], { state: 'delivering' });
  expect(await waitForEnd(app, run?.id ?? 0)).toMatchObject({ state: 'delivering' });
});

test('a command whose run cannot be written down ends with that error', async () => {
  const { app, post } = await testServer();
  await post('helloid/create', createBody(1));
  const db = new Database(databasePath(app.config.dataDir));
  onTestFinished(() => void db.close());
  db.exec("CREATE TRIGGER broken BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'the ledger is broken'); END");
  const { code, stdout, stderr } = await command(['export'], { DATA_DIR: app.config.dataDir });
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/the ledger is broken/)]);
});

test.runIf(canMount)('an archive that cannot be written fails the run, says so, and retry ends it', async () => {
  const disk = smallDisk(1024);
  onTestFinished(() => disk.remove());
  const DATA_DIR = temporaryFolder();
  symlinkSync(disk.directory, join(DATA_DIR, 'archive'));
  const server = await testServer({ environment: { DATA_DIR } });
  await server.post('helloid/create', createBody(1));
  disk.makeReadOnly();
  const broken = await command(['export'], { DATA_DIR });
  expect([broken.code, broken.stdout]).toEqual([
    1,
    expect.stringMatching(
      /^Run 1 is failed.\n {2}The dump could not be written: E\w+; check the disk of DATA_DIR and its rights\n$/,
    ),
  ]);
  expect(await server.app.runs.find(1)).toMatchObject({ retryAt: expect.any(String) as string });
  disk.makeWritable();
  const mended = await command(['retry', '1', ...who], { DATA_DIR });
  expect([mended.code, mended.stdout]).toEqual([0, expect.stringMatching(/^Run 1 is delivered/)]);
});

test('a preview names who would be active again, and says how many rows are of inactive people', async () => {
  const server = await testServer();
  for (const number of [1, 2, 3]) await server.post('helloid/create', createBody(number));
  await runNow(server);
  for (const number of [1, 2]) await server.post('helloid/disable', updateBody(`SC-${number}`, {}));
  await runNow(server);
  await server.post('helloid/enable', updateBody('SC-1', {}));
  const { stdout } = await command(['export', '--dry-run'], { DATA_DIR: server.app.config.dataDir });
  expect(stdout).toContain('  1 of the rows of persons say that somebody is not active any more\n');
  expect(stdout).toContain('  persons   total 2, added 0, reactivated 1, deactivated 0, changed 0, renamed 0\n');
  expect(stdout).toContain('  active again: p1 (SC-1)\n');
});
