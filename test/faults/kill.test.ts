import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../shared/app.ts';
import { loadConfig } from '../../shared/config.ts';
import { silent } from '../../shared/log.ts';
import { temporaryFolder } from '../folder.ts';
import { canLogIn, spendCloudAt } from '../spend-cloud.ts';
import { clockAt } from '../helpers.ts';
import { startFarSide, fileNames, type FarSide } from './far-side.ts';
import { hangBetween, ledgerOf, type LedgerOnDisk } from './ledger.ts';
import { hire, numbers, registered } from './people.ts';
import { startTick, type TickProcess } from './tick-process.ts';

const due = new Date('2026-11-24T04:30:00Z');
const nextTick = new Date('2026-11-24T04:31:00Z');
const people = 1200;
const joiner = people + 1;

let far: FarSide;
/** A data folder in which one delivery was made and one person joined since; each test works on a copy. */
let yesterday: string;

beforeAll(async () => {
  far = await startFarSide();
  yesterday = join(far.sshd.directory, 'yesterday');
  const clock = clockAt('2026-11-23T10:00:00Z');
  const app = await openApp(configOf(yesterday), { log: silent, now: clock.now });
  await hire(app, numbers(1, people));
  const first = await app.daily.runNow();
  await app.daily.settled();
  const held = await app.runs.find(first.id);
  if (!held) throw new Error('the first run is gone');
  await app.daily.decide(held, 'release', { by: 'Fenna', reason: 'looked at' });
  await app.daily.settled();
  await hire(app, [joiner]);
  await app.close();
});
afterAll(() => far.stop());

function configOf(dataDir: string) {
  return loadConfig(environmentOf(dataDir), dataDir);
}

function environmentOf(dataDir: string): Record<string, string> {
  return { ...far.environment, DATA_DIR: dataDir };
}

interface Morning {
  dataDir: string;
  ledger: LedgerOnDisk;
  tick(at: Date): TickProcess;
}

let morning: Morning;
let renamesBefore: number;
beforeEach(() => {
  const dataDir = temporaryFolder();
  cpSync(yesterday, dataDir, { recursive: true });
  far.clear();
  for (const name of Object.values(fileNames)) cpSync(join(dataDir, 'archive', '1', name), join(far.directory, name));
  const ledger = ledgerOf(dataDir);
  onTestFinished(() => ledger.close());
  morning = { dataDir, ledger, tick: (at) => startTick(environmentOf(dataDir), at) };
  renamesBefore = far.renamesOf(2).length;
});

/** Another process, a minute later: it completes the same run, and everybody agrees on what happened. */
async function expectCompleted(): Promise<void> {
  const { dataDir, tick } = morning;
  expect(await tick(nextTick).ended).toBe(0);

  const app = await openApp(configOf(dataDir), { log: silent, now: () => nextTick });
  onTestFinished(() => app.close());
  const [run, first, ...others] = await app.runs.list(10, null);
  expect([run, first, others]).toMatchObject([
    { id: 2, dueAt: due.toISOString(), state: 'delivered', reasons: [] },
    { id: 1, state: 'delivered' },
    [],
  ]);
  expect(run?.attempts.at(-1)).toMatchObject({ error: null, finishedAt: expect.any(String) as string });
  expect(await app.runs.inState('rendering', 'delivering', 'waiting', 'failed')).toEqual([]);
  expect(far.renamesOf(2).slice(renamesBefore)).toEqual(['Users.csv', 'Roles.csv']);
  expect(far.visible()).toEqual({ persons: run?.files[0]?.sha256, roles: run?.files[1]?.sha256 });
  expect(readdirSync(far.directory).sort()).toEqual(['Roles.csv', 'Users.csv']);

  const spendCloud = spendCloudAt(far.directory, registered);
  expect(spendCloud.fetch()).toEqual([]);
  expect(canLogIn(spendCloud.state())).toContain(`p${joiner}`);
  expect(canLogIn(spendCloud.state())).toHaveLength(joiner);
  expect(spendCloud.state().roles).toHaveLength(joiner);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

test.each([
  ['before the dump', 'waiting', 'rendering'],
  ['after the dump and before the ledger', 'rendering', 'delivering'],
  ['after the far side was done and before the run is closed', 'delivering', 'delivered'],
] as const)('killed %s, the run is completed by the next tick', async (_step, from, to) => {
  const { dataDir, ledger, tick } = morning;
  const stopHanging = hangBetween(dataDir, from, to);
  const manifest = join(dataDir, 'archive', '2', '.manifest.json');

  const killed = tick(due);
  await until(() => ledger.newest()?.state === from && ledger.newest()?.id === 2);
  if (from === 'rendering') await until(() => existsSync(manifest));
  if (from === 'delivering')
    await until(() => ledger.attempt()?.ended === true && far.renamesOf(2).length === renamesBefore + 2);
  await killed.kill();

  expect(ledger.newest()).toEqual({ id: 2, state: from });
  stopHanging();
  await expectCompleted();
});

// The moment is short: where it was over before the signal came, the whole is done again.
test('killed while rendering, the run is completed by the next tick', { retry: 5 }, async () => {
  const { dataDir, ledger, tick } = morning;
  const folder = join(dataDir, 'archive', '2');

  const killed = tick(due);
  await until(() => existsSync(join(folder, 'Users.csv.partial')));
  await killed.kill();

  expect(ledger.newest()).toEqual({ id: 2, state: 'rendering' });
  expect(existsSync(join(folder, '.manifest.json'))).toBe(false);
  await expectCompleted();
});

const proven = (name: string) => new RegExp(`close ".*/\\.${name}\\.r2-1\\.partial" bytes read [1-9]\\d* written 0`);

interface OnTheLine {
  step: string;
  /** What was on its way, held back at the moment of the kill. */
  way: 'there' | 'back';
  reached(): boolean;
}

/** Each is told by what the far side has done, before the next piece passes: the sender waits for every answer here. */
const onTheLine: OnTheLine[] = [
  {
    step: 'between the two uploads',
    way: 'there',
    reached: () => {
      const log = far.sshd.log().slice(logBefore);
      return proven('Users.csv').test(log) && !log.includes('open "' + join(far.directory, '.Roles.csv.'));
    },
  },
  {
    step: 'between upload and rename',
    way: 'there',
    reached: () => morning.ledger.attempt()?.renaming === true && morning.ledger.newest()?.id === 2 && renames() === 0,
  },
  { step: 'between the two renames, before the first is answered', way: 'back', reached: () => renames() === 1 },
  { step: 'between the two renames, after the first is answered', way: 'there', reached: () => renames() === 1 },
  { step: 'after the renames, before the second is answered', way: 'back', reached: () => renames() === 2 },
  { step: 'after the renames and before the ledger', way: 'there', reached: () => renames() === 2 },
];

let logBefore = 0;
const renames = (): number => far.renamesOf(2).length - renamesBefore;

test.each(onTheLine.flatMap((step) => (['is lost', 'arrives'] as const).map((rest) => ({ ...step, rest }))))(
  'killed $step, while what was on the line $rest, the run is completed by the next tick',
  async ({ way, reached, rest }) => {
    const { ledger, tick } = morning;
    logBefore = far.sshd.log().length;
    const there = far.line.holdWhen(way, reached);

    const killed = tick(due);
    await there;
    await killed.kill();

    expect(ledger.newest()).toEqual({ id: 2, state: 'delivering' });
    expect(ledger.attempt()).toMatchObject({ ended: false });
    far.line.release(rest);
    await expectCompleted();
  },
);
