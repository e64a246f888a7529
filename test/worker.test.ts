import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../shared/app.ts';
import { silent } from '../shared/log.ts';
import { temporaryFolder, testConfig } from './helpers.ts';

test('closing waits for what was looked at meanwhile, and leaves no thread and nothing of a preview', async () => {
  const folder = temporaryFolder();
  const app = await openApp(testConfig({ environment: { DATA_DIR: folder } }), { log: silent });
  const settled: string[] = [];
  const looks = { preview: app.daily.preview(), doctor: app.checks.withDelivery(), trail: app.verifyAudit(null) };
  const outcomes = Object.entries(looks).map(([name, look]) =>
    look.then(
      () => 'had its answer',
      () => settled.push(name),
    ),
  );
  await app.close();
  await Promise.resolve(); // what is settled by now has told so
  expect(settled.toSorted()).toEqual(['doctor', 'preview', 'trail']);
  expect(readdirSync(join(folder, 'archive'))).toEqual([]);
  await Promise.all(outcomes);
});

test('what is asked for after the end is refused at once', async () => {
  const app = await openApp(testConfig(), { log: silent });
  await app.close();
  await expect(app.daily.preview()).rejects.toMatchObject({ code: 'unavailable' });
});
