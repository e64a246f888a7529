import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canMount } from '../small-disk.ts';
import { createBody, eventCount, temporaryFolder, testServer } from '../helpers.ts';

/** A small file system of the test's own in memory; needs root. */
function smallDisk(megabytes: number): string {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

function fill(folder: string): string {
  const file = join(folder, 'ballast');
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail - 1) * bsize));
  return file;
}

test.runIf(canMount)(
  'a disk that fills up: 503 with a clear message, never a success that was not kept, and it recovers by itself',
  async () => {
    const folder = smallDisk(4);
    const { post, get, app } = await testServer({ environment: { DATA_DIR: folder } });
    const kept = new Set<number>();
    const create = async (number: number) => {
      const { status, json } = await post('helloid/create', createBody(number, { achternaam: 'x'.repeat(200) }));
      if (status === 200) kept.add(number);
      else
        expect([status, json]).toMatchObject([
          503,
          { message: expect.stringMatching(/Nothing was recorded.*room/s) as string, code: 'unavailable' },
        ]);
      return status;
    };
    await create(0);
    const ballast = fill(folder);
    const statuses = new Set<number>();
    for (let number = 1; number < 2000 && !statuses.has(503); number += 20) {
      for (const status of await Promise.all(Array.from({ length: 20 }, (_, index) => create(number + index))))
        statuses.add(status);
    }
    expect(statuses).toContain(503);
    expect((await get('live', null)).status).toBe(200);
    const run = await post('exports');
    expect([202, 503]).toContain(run.status);
    await app.daily.settled();
    expect(readdirSync(folder)).not.toContain('outbox');

    rmSync(ballast);
    expect(await create(5000)).toBe(200);
    expect((await get('health', null)).status).toBe(200);
    const { accounts } = (await get('accounts?limit=500')).json as { accounts: { externalId: string }[] };
    expect(accounts.length).toBe(Math.min(500, kept.size));
    expect(eventCount(folder)).toBeGreaterThanOrEqual(kept.size);
    for (const number of kept) expect((await get(`accounts/SC-${number}`)).status).toBe(200);
  },
);
