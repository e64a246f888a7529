import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow } from '../actions.ts';
import { createBody, testServer } from '../helpers.ts';

test.each(['passive', 'absent'] as const)(
  'with %s leavers a run that cannot read the pair delivered last says so, and what to do',
  async (leavers) => {
    const server = await testServer({ policy: { spendCloud: { leavers } } });
    for (const number of [1, 2]) await server.post('helloid/create', createBody(number));
    expect(await runNow(server)).toMatchObject({ state: 'delivered' });
    const folder = join(server.app.config.dataDir, 'archive', '1');

    writeFileSync(join(folder, '.persons.jsonl'), '');
    await expectCure();
    rmSync(join(folder, 'Users.csv'));
    await expectCure();

    async function expectCure(): Promise<void> {
      const { state, reasons } = await runNow(server);
      expect(state).toBe('failed');
      expect(reasons[0]).toContain(`kept in ${folder} cannot be read`);
      expect(reasons[0]).toContain('spendcloud baseline');
    }
  },
);
