import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../folder.ts';
import { spendcloud } from './command.ts';

async function checked(policy: object): Promise<{ names?: string }> {
  const folder = temporaryFolder({ 'connector.json': JSON.stringify(policy) });
  const words = ['config', 'check', '--json'];
  return (await spendcloud(folder, words, { CONFIG_FILE: join(folder, 'connector.json') })).json;
}

test('the longer of two terms counts for the names of deleted people, where inactive rows need them', async () => {
  const kept = 'of deleted people who are in the files: kept';
  const both = (passiveDays: number | null, deletedPersonsDays: number) => ({
    retention: { passiveDays, deletedPersonsDays },
  });
  expect((await checked(both(730, 365))).names).toBe(
    `${kept} 730 days, the longer of retention.passiveDays (730) and retention.deletedPersonsDays (365)`,
  );
  expect((await checked(both(90, 400))).names).toBe(
    `${kept} 400 days, the longer of retention.passiveDays (90) and retention.deletedPersonsDays (400)`,
  );
  expect((await checked(both(null, 365))).names).toBe(`${kept} for ever, because retention.passiveDays is null`);
  expect(await checked({ spendCloud: { leavers: 'absent' } })).not.toHaveProperty('names');
});
