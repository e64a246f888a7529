import { once } from 'node:events';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { databasePath } from '../../shared/store/open.ts';
import { createBody, testServer, updateBody } from '../helpers.ts';
import { runNode } from '../process.ts';
import { traces } from './traces.ts';

test('a purge that kill -9 cut short is carried out to its end by the next tick of whoever works on the data folder', async () => {
  const { app, post } = await testServer();
  const { dataDir: DATA_DIR } = app.config;
  const numbers = Array.from({ length: 120 }, (_, index) => index + 1);
  for (const number of numbers)
    await post(
      'helloid/create',
      createBody(number, { achternaam: `Vink${number}q`, gebruikersnaam: `vink.${number}q` }),
    );
  for (const number of numbers) await post('helloid/delete', updateBody(`SC-${number}`, null));
  await app.close();
  const marks = numbers.flatMap((number) => [`Vink${number}q`, `vink.${number}q`]);
  expect(traces(DATA_DIR, marks.slice(0, 2))).not.toEqual([]);

  const before = new Date().toISOString();
  const words = ['audit', 'purge', '--before', before, '--by', 'Fenna', '--reason', 'past its days'];
  const child = runNode(['test/command-line.ts', ...words], { DATA_DIR });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const db = new Database(databasePath(DATA_DIR), { readonly: true });
  onTestFinished(() => void db.close());
  const begun = db.prepare("SELECT 1 FROM facts WHERE name = 'erasing'");
  await expect.poll(() => begun.get(), { interval: 1, timeout: 20_000 }).toBeDefined();
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(traces(DATA_DIR, marks)).not.toEqual([]); // it was not done

  const next = await testServer({ environment: { DATA_DIR } });
  await next.app.tick();
  db.close();
  await next.app.tick();
  expect(traces(DATA_DIR, marks)).toEqual([]);
  expect((await next.get('audit/verify')).json).toMatchObject({ ok: true });
  expect((await next.get('audit?action=purge')).json).toMatchObject({
    entries: expect.arrayContaining([
      expect.objectContaining({ action: 'purge', outcome: 'erased', by: 'Fenna', reason: 'past its days' }),
    ]) as unknown[],
  });
  expect(next.app.facts.get('erasing')).toBeUndefined();
});
