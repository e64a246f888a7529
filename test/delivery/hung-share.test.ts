import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mayHang } from '../../shared/delivery/may-hang.ts';
import { examineOutbox } from '../../shared/delivery/outbox.ts';
import { createBody, temporaryFolder, testServer } from '../helpers.ts';
import { canMount } from '../small-disk.ts';

/** A folder on a file system of another process, which can be made to answer nobody, as a share does whose server is gone. */
function share(): { folder: string; freeze(): void; thaw(): void } {
  const [source, folder] = [temporaryFolder(), temporaryFolder()];
  execFileSync('bindfs', [source, folder]);
  const pid = execFileSync('pgrep', ['-f', `bindfs ${source} ${folder}`], { encoding: 'utf8' }).trim();
  const signal = (name: NodeJS.Signals) => void process.kill(Number(pid), name);
  onTestFinished(() => {
    signal('SIGCONT');
    execFileSync('umount', ['--lazy', folder]);
  });
  return { folder, freeze: () => signal('SIGSTOP'), thaw: () => signal('SIGCONT') };
}

test.runIf(canMount)(
  'a share that hangs costs a deadline: HelloID, health, messages and the doctor do not wait, and the same run goes later',
  async () => {
    const { folder, freeze, thaw } = share();
    const policy = { delivery: { deadlineSeconds: 2 } };
    const { app, post, get } = await testServer({ policy, environment: { OUTBOX_DIR: folder } });
    const stateOf = async (id: number) => (await app.runs.find(id))?.state;
    await post('helloid/create', createBody(1));
    const first = await app.daily.runNow();
    await app.daily.settled();
    await app.daily.decide(await runOf(first.id), 'release', { by: 'Fenna', reason: 'the first' });
    await app.daily.settled();
    expect(await stateOf(first.id)).toBe('delivered');

    freeze();
    await post('helloid/create', createBody(2));
    const { id } = await app.daily.runNow();
    await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe('delivering');
    expect((await post('helloid/create', createBody(3))).json).toMatchObject({ Success: true });
    expect((await get('live', null)).status).toBe(200);
    expect((await get('health', null)).status).toBe(200);
    const step = await examineOutbox({ directory: folder, dataDir: app.config.dataDir }, null, 1);
    expect(step).toMatchObject({ state: 'failed', says: expect.stringContaining('did not answer within') as string });
    await app.daily.settled();
    expect(await app.runs.find(id)).toMatchObject({
      state: 'failed',
      reasons: [expect.stringContaining(`The folder ${folder} did not answer within 2 seconds`)],
    });

    thaw();
    await app.daily.decide(await runOf(id), 'retry', { by: 'Fenna', reason: 'the server is back' });
    await app.daily.settled();
    expect(await stateOf(id)).toBe('delivered');
    expect(readFileSync(join(folder, 'Users.csv'), 'utf8').trim().split('\n')).toHaveLength(3);

    async function runOf(number: number) {
      const run = await app.runs.find(number);
      if (!run) throw new Error('there is no such run');
      return run;
    }
  },
);

test.runIf(canMount)(
  'the folder in the data folder is looked at there, unless something is mounted or linked in',
  () => {
    const dataDir = temporaryFolder();
    const outbox = (directory: string) => mayHang({ directory, dataDir });
    expect(outbox(join(dataDir, 'outbox'))).toBe(false);
    expect(outbox(`${dataDir}-other`)).toBe(true);
    expect(outbox(dataDir)).toBe(true);
    const { folder } = share();
    execFileSync('ln', ['-s', folder, join(dataDir, 'linked')]);
    expect(outbox(join(dataDir, 'linked', 'in'))).toBe(true);
    execFileSync('mkdir', [join(dataDir, 'with blank')]);
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', join(dataDir, 'with blank')]);
    onTestFinished(() => void execFileSync('umount', [join(dataDir, 'with blank')]));
    expect(outbox(join(dataDir, 'with blank', 'in'))).toBe(true);
  },
);
