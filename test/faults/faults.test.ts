import { readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import type { Run } from '../../shared/domain/run.ts';
import { unhealthyReasons } from '../../shared/health.ts';
import { disableAccount, enableAccount } from '../../shared/lifecycle/access.ts';
import { temporaryFolder } from '../helpers.ts';
import { canMount, smallDisk, type SmallDisk } from '../small-disk.ts';
import { startSshd } from '../sshd.ts';
import { ledgerOf } from './ledger.ts';
import { numbers } from './people.ts';
import { aScene, decider, expectDelivered, expectFailed, newestRun, type Scene } from './scene.ts';
import { startTick } from './tick-process.ts';

function aSmallDisk(kilobytes: number): SmallDisk {
  const disk = smallDisk(kilobytes);
  onTestFinished(() => disk.remove());
  return disk;
}

/** Later, when a failed delivery may be tried again. */
async function nextTry({ app, pass }: Scene): Promise<void> {
  pass(80);
  await app.daily.tick();
}

/** The daily job is at it until something was seen at the far side; then the server dies, and what was still under way there is lost. */
async function killServerWhen({ app, far }: Scene, isSeen: () => boolean): Promise<void> {
  const there = far.line.holdWhen('there', isSeen);
  const ticking = app.daily.tick();
  await there;
  far.sshd.kill();
  far.line.release('is lost');
  await ticking;
}

test('wherever the line is cut, nothing half is visible, the ledger is right, and the next tick delivers the same run', async () => {
  const scene = await aScene({ people: 300 });
  const { app, far, morning } = scene;
  const before = far.line.bytes();
  await morning();
  await app.daily.tick();
  const total = far.line.bytes() - before;
  await expectDelivered(scene);
  const places = 40;

  for (let place = 0; place < places; place += 1) {
    const old = await newestRun(app);
    await morning();
    far.line.cutAfter(Math.floor((total * place) / places));
    await app.daily.tick();
    const run = await newestRun(app);
    const which = (found: string | null, file: 0 | 1) =>
      found === run.files[file]?.sha256 ? 'new' : found === old.files[file]?.sha256 ? 'old' : 'neither';
    const { persons, roles } = far.visible();
    const visible = `${which(persons, 0)} ${which(roles, 1)}`;
    expect(['old old', 'new old', 'new new']).toContain(visible);
    if (run.state === 'delivered') expect(visible).toBe('new new');
    else expect(run).toMatchObject({ state: 'failed', reasons: [expect.any(String)] });

    far.line.cutAfter(undefined);
    await nextTry(scene);
    expect((await newestRun(app)).id).toBe(run.id);
    await expectDelivered(scene);
  }
}, 240_000);

test('a server that was down gets the same run at a later tick', async () => {
  const scene = await aScene();
  const { app, far, morning } = scene;
  await morning();
  far.sshd.kill();
  await app.daily.tick();
  await expectFailed(scene, /./);
  await app.daily.tick(); // too early for another try
  expect((await newestRun(app)).attempts).toHaveLength(1);

  await far.sshd.restart();
  await nextTry(scene);
  await expectDelivered(scene);
});

test('a server killed between the two renames gets the second one when it is back', async () => {
  const scene = await aScene();
  const { app, far, morning } = scene;
  await morning();
  const { id } = await newestRun(app);
  await killServerWhen(scene, () => far.renamesOf(id + 1).length === 1);
  expect(await newestRun(app)).toMatchObject({ id: id + 1, state: 'failed' });
  expect(far.renamesOf(id + 1)).toEqual(['Users.csv']);

  await far.sshd.restart();
  await nextTry(scene);
  await expectDelivered(scene);
});

test.runIf(canMount)('a full disk at the far side leaves yesterday’s files, until there is room', async () => {
  const disk = aSmallDisk(1024);
  const scene = await aScene({ parent: disk.directory, people: 300 });
  await scene.morning();
  const makeRoom = disk.fill(8);
  await scene.app.daily.tick();
  await expectFailed(scene, /./);
  expect(readdirSync(scene.far.directory).sort()).toEqual(['Roles.csv', 'Users.csv']);

  makeRoom();
  await nextTry(scene);
  await expectDelivered(scene);
});

test.runIf(canMount)(
  'a far folder that became read-only between the renames gets the second one once it is writable',
  async () => {
    const disk = aSmallDisk(1024);
    const scene = await aScene({ parent: disk.directory });
    const { app, far, morning } = scene;
    await morning();
    const { id } = await newestRun(app);
    await killServerWhen(scene, () => far.renamesOf(id + 1).length === 1);
    await far.sshd.restart();
    disk.makeReadOnly();
    await nextTry(scene);
    expect(await newestRun(app)).toMatchObject({ id: id + 1, state: 'failed' });
    expect(far.renamesOf(id + 1)).toEqual(['Users.csv']);

    disk.makeWritable();
    await nextTry(scene);
    await expectDelivered(scene);
  },
);

test.runIf(canMount)('a far folder that became read-only gets the same run once it is writable', async () => {
  const disk = aSmallDisk(1024);
  const scene = await aScene({ parent: disk.directory });
  await scene.morning();
  disk.makeReadOnly();
  await scene.app.daily.tick();
  await expectFailed(scene, /./);

  disk.makeWritable();
  await nextTry(scene);
  await expectDelivered(scene);
});

test('a far folder that is missing gets the same run once it is back', async () => {
  const scene = await aScene();
  const { app, far, morning } = scene;
  await morning();
  renameSync(far.directory, `${far.directory}-away`);
  await app.daily.tick();
  expect(await newestRun(app)).toMatchObject({ state: 'failed', reasons: [expect.stringContaining(far.directory)] });

  renameSync(`${far.directory}-away`, far.directory);
  await nextTry(scene);
  await expectDelivered(scene);
});

test('a far folder that went away before the renames is not taken for one from which the files were fetched', async () => {
  const scene = await aScene();
  const { app, far, morning } = scene;
  await morning();
  const { id } = await newestRun(app);
  const ledger = ledgerOf(app.config.dataDir);
  onTestFinished(() => ledger.close());
  await killServerWhen(scene, () => ledger.newest()?.id === id + 1 && ledger.attempt()?.renaming === true);
  await far.sshd.restart();
  renameSync(far.directory, `${far.directory}-away`);
  await nextTry(scene);
  expect(await newestRun(app)).toMatchObject({ id: id + 1, state: 'failed' });

  renameSync(`${far.directory}-away`, far.directory);
  await nextTry(scene);
  await expectDelivered(scene);
});

const strangeKey = ssh2.utils.generateKeyPairSync('ed25519').private;
const refusals = [
  ['a wrong key', { SFTP_PRIVATE_KEY: strangeKey }],
  ['a wrong password', { SFTP_PRIVATE_KEY: '', SFTP_PASSWORD: 'Sesam open u' }],
  ['a host key that is not the pinned one', { SFTP_HOST_KEY: `SHA256:${'A'.repeat(43)}` }],
] as const;

test.each(refusals)('with %s nobody knocks again until an operator says retry', async (_what, wrong) => {
  const scene = await aScene();
  const { app, far, morning, pass, reopen } = scene;
  await morning();
  const refused = await reopen(wrong);
  await refused.daily.tick();
  const { retryAt } = await expectFailed(scene, /./);
  expect(retryAt).toBeNull();

  const connections = far.sshd.connections();
  for (let hour = 0; hour < 12; hour += 1) {
    pass(60);
    await refused.daily.tick();
    await app.daily.tick(); // the right settings change nothing by themselves
  }
  expect(far.sshd.connections()).toBe(connections);

  await app.daily.decide(await newestRun(app), 'retry', decider);
  await app.daily.settled();
  await expectDelivered(scene);
});

test.each(refusals)('with %s mended, the next due run delivers, and closes the refused one', async (_what, wrong) => {
  const scene = await aScene();
  const { app, far, morning, reopen } = scene;
  await morning();
  const refused = await reopen(wrong);
  await refused.daily.tick();
  const { id } = await expectFailed(scene, /./);

  await morning();
  await app.daily.tick();
  await expectDelivered(scene);
  expect(await app.runs.find(id)).toMatchObject({ state: 'superseded' });
  expect(far.renamesOf(id)).toEqual([]);
});

test('a server that shows another host key gets nothing until that key is pinned', async () => {
  const scene = await aScene();
  const { app, far, morning, reopen } = scene;
  const other = await startSshd();
  onTestFinished(() => other.stop());
  await morning();
  far.line.leadTo(other.port);
  await app.daily.tick();
  const { retryAt } = await expectFailed(scene, /host key/i);
  expect(retryAt).toBeNull();
  expect(other.log()).toBe('');

  const rotated = await reopen({
    SFTP_HOST_KEY: `${far.sshd.fingerprint},${other.fingerprint}`,
    SFTP_PRIVATE_KEY: other.privateKey,
  });
  await rotated.daily.decide(await newestRun(app), 'retry', decider);
  await rotated.daily.settled();
  await expectDelivered({ ...scene, far: { ...far, renamesOf: (run) => renamesIn(other.renames(), run) } });
});

function renamesIn(renames: string[], run: number): string[] {
  return renames
    .flatMap((line) => /\.r(\d+)-\d+\.partial -> .*\/(.*)$/.exec(line)?.slice(1) ?? [])
    .flatMap((found, index, all) => (index % 2 === 1 && all[index - 1] === String(run) ? [found] : []));
}

test('a server that accepts and never answers costs one deadline, and gets the same run later', async () => {
  const scene = await aScene({ deadlineSeconds: 5 });
  const { app, far, morning } = scene;
  await morning();
  far.line.leadTo('nowhere');
  await app.daily.tick();
  const { retryAt } = await expectFailed(scene, /./);
  expect(retryAt).not.toBeNull();

  far.line.leadTo(far.sshd.port);
  await nextTry(scene);
  await expectDelivered(scene);
});

test('an answer that comes after the deadline is looked at before anything is sent again', async () => {
  const scene = await aScene({ deadlineSeconds: 5 });
  const { app, far, morning } = scene;
  await morning();
  const { id } = await newestRun(app);
  const there = far.line.holdWhen('back', () => far.renamesOf(id + 1).length === 1);
  const ticking = app.daily.tick();
  await there;
  await ticking;
  expect(await newestRun(app)).toMatchObject({ id: id + 1, state: 'failed' });
  far.line.release('arrives');

  await nextTry(scene);
  await expectDelivered(scene);
});

test.runIf(canMount)(
  'a near disk that is full while a dump is written keeps the run for when there is room',
  async () => {
    const disk = aSmallDisk(32 * 1024);
    const scene = await aScene({ dataDir: join(disk.directory, 'data'), people: 3000 });
    await scene.morning();
    const makeRoom = disk.fill(100);
    await scene.app.daily.tick();
    const { files } = await expectFailed(scene, /disk/);
    expect(files).toEqual([]);

    makeRoom();
    await nextTry(scene);
    await expectDelivered(scene);
  },
);

test('a clock set back an hour after a delivery brings no second one', async () => {
  const scene = await aScene();
  const { app, morning, pass } = scene;
  await morning();
  await app.daily.tick();
  const { id } = await newestRun(app);
  pass(-60);
  for (let minutes = 0; minutes < 180; minutes += 10) {
    pass(10);
    await app.daily.tick();
  }
  expect((await newestRun(app)).id).toBe(id);
  await expectDelivered(scene);
  expect(await unhealthyReasons(app)).toEqual([]);
});

test('a clock set back an hour after a failure delays the next try, and nobody takes the run for overdue afterwards', async () => {
  const scene = await aScene();
  const { app, far, morning, pass } = scene;
  await morning();
  far.sshd.kill();
  await app.daily.tick();
  const { id } = await expectFailed(scene, /./);
  await far.sshd.restart();
  pass(-60);
  await app.daily.tick();
  expect(await newestRun(app)).toMatchObject({ id, state: 'failed' });
  await app.daily.decide(await newestRun(app), 'retry', decider);
  await app.daily.settled();
  await expectDelivered(scene);
  pass(240);
  await app.tick();
  expect((await newestRun(app)).id).toBe(id);
  expect(await unhealthyReasons(app)).toEqual([]);
});

test('two processes at once on one data folder deliver once', async () => {
  const scene = await aScene();
  const { app, environment, morning, now } = scene;
  for (let day = 0; day < 3; day += 1) {
    const dueAt = await morning();
    const others = [startTick(environment, now()), startTick(environment, now())];
    await Promise.all([...others.map(({ ended }) => ended), app.daily.tick()]);
    expect(await newestRun(app)).toMatchObject({ dueAt, attempts: [{ number: 1 }] });
    await expectDelivered(scene);
  }
});

test('while one process delivers, another leaves the run alone', async () => {
  const scene = await aScene();
  const { app, environment, far, morning, now } = scene;
  await morning();
  const { id } = await newestRun(app);
  const there = far.line.holdWhen('there', () => far.renamesOf(id + 1).length === 1);
  const ticking = app.daily.tick();
  await there;
  expect(await startTick(environment, now()).ended).toBe(0);
  expect(await newestRun(app)).toMatchObject({ id: id + 1, state: 'delivering', attempts: [{ number: 1 }] });
  far.line.release('arrives');
  await ticking;
  await expectDelivered(scene);
});

test.each(['there', 'back'] as const)(
  'files that were fetched and removed while the line was dead (%s) count as delivered',
  async (way) => {
    const scene = await aScene();
    const { app, far, morning, spendCloud } = scene;
    await morning();
    const { id } = await newestRun(app);
    const there = far.line.holdWhen(way, () => far.renamesOf(id + 1).length === 2);
    const ticking = app.daily.tick();
    await there;
    expect(spendCloud.fetch({ remove: true })).toEqual([]);
    far.sshd.kill();
    far.line.release('is lost');
    await ticking;
    await far.sshd.restart();
    await nextTry(scene);
    await expectDelivered(scene, { fetched: true });
  },
);

test.runIf(canMount)(
  'files that arrived while the archive cannot be written are recorded once it can, and not sent again',
  async () => {
    const archive = aSmallDisk(4096);
    const dataDir = temporaryFolder();
    symlinkSync(archive.directory, join(dataDir, 'archive'));
    const scene = await aScene({ dataDir });
    const { app, far, morning } = scene;
    await morning();
    const { id } = await newestRun(app);
    const there = far.line.holdWhen('there', () => far.renamesOf(id + 1).length === 2);
    const ticking = app.daily.tick();
    await there;
    archive.makeReadOnly();
    far.line.release('arrives');
    await ticking;
    expect(await newestRun(app)).toMatchObject({
      id: id + 1,
      state: 'failed',
      reasons: [expect.stringMatching(/^The files have arrived, and that could not be written down: EROFS/)],
      attempts: [{ number: 1, error: null }],
    });

    archive.makeWritable();
    await nextTry(scene);
    expect((await newestRun(app)).attempts).toHaveLength(1);
    await expectDelivered(scene);
  },
);

/** A run that takes so many people out that it is held; everybody is back in afterwards. */
async function aHeldRun({ app }: Scene): Promise<Run> {
  const caller = { action: 'disable', key: 'agent', origin: 'enforcement', requestId: null } as const;
  const all = async (act: typeof disableAccount) => {
    for (const number of numbers(1, 5))
      await act(app, { reference: `SC-${number}`, origin: 'enforcement', dryRun: false }, caller);
  };
  await all(disableAccount);
  await app.daily.runNow();
  await app.daily.settled();
  await all(enableAccount);
  const run = await newestRun(app);
  expect(run.state).toBe('held');
  return run;
}

test('while a newer run is on its way an older one cannot be released, and one that was all the same is never sent', async () => {
  const scene = await aScene();
  const { app, far, morning } = scene;
  const older = await aHeldRun(scene);
  await morning();
  const there = far.line.holdWhen('there', () => far.renamesOf(older.id + 1).length === 1);
  const ticking = app.daily.tick();
  await there;
  await expect(app.daily.decide(older, 'release', decider)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/^Run 3 is delivering: run 2 is older/) as string,
  });
  expect(await app.runs.find(older.id)).toMatchObject({ state: 'held', decisions: [] });
  await app.runs.move(older.id, ['held'], { state: 'delivering' }); // as a release in the moment before
  far.line.release('arrives');
  await ticking;
  await app.daily.tick();
  await expectDelivered(scene);
  expect(await app.runs.find(older.id)).toMatchObject({ state: 'superseded', attempts: [] });
  expect(far.renamesOf(older.id)).toEqual([]);
});

test('an older failed run does not go out while a newer one may have arrived', async () => {
  const scene = await aScene();
  const { app, far, morning } = scene;
  await morning();
  far.sshd.kill();
  await app.daily.tick();
  const older = await expectFailed(scene, /./);
  await far.sshd.restart();
  await morning();
  await killServerWhen(scene, () => far.renamesOf(older.id + 1).length === 1);
  await far.sshd.restart();
  const newer = await newestRun(app);
  expect(newer).toMatchObject({ id: older.id + 1, state: 'failed' });
  await app.runs.move(newer.id, ['failed'], { state: 'failed', retryAt: null }); // as after a refused login

  await nextTry(scene);
  expect(far.renamesOf(older.id)).toEqual([]);
  await expect(app.daily.decide(older, 'retry', decider)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/^Run 3 failed and may have arrived/) as string,
  });
  await app.daily.decide(newer, 'retry', decider);
  await app.daily.settled();
  await expectDelivered(scene);
  expect(await app.runs.find(older.id)).toMatchObject({ state: 'superseded' });
});
