import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { departments, titles } from '../../demo/names.ts';
import { drawing } from '../../demo/random.ts';
import type { Leavers } from '../../demo/spend-cloud-files.ts';
import { startFarSide } from '../faults/far-side.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { spendCloudAt } from '../spend-cloud.ts';
import { startSshd } from '../sshd.ts';
import { alsoTable } from './also-table.ts';
import { startConnector } from './connector.ts';
import { demand } from './demand.ts';
import { judge, type RunSeen } from './judge.ts';
import { staffOf } from './staff.ts';
import { weathers, type Ground, type Weather } from './weather.ts';

export interface SoakOptions {
  days: number;
  /** The same seed draws the same people, events, faults and decisions. */
  seed: number;
  /** How leavers are told, by the settings and by Spend Cloud's import definition alike. */
  leavers?: Leavers;
  /** Only days without a fault: many more of them fit in the same time. */
  calm?: boolean;
  tell?(line: string): void;
}

const why = { by: 'Fenna', reason: 'as drawn' };
const minuteMilliseconds = 60_000;
const registered = {
  units: new Set(departments.map(({ name }) => name)),
  profiles: new Set(titles.map(({ code }) => code)),
};

/**
 * So many days of an organisation over a far side that fails in every way we know, judged each time by who can log in. Throws, with
 * the seed and the day, at the first thing that must not be. Gives the number of delivered runs.
 */
export async function soak({
  days,
  seed,
  leavers = 'passive',
  calm: onlyCalm = false,
  tell = () => undefined,
}: SoakOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-soak-'));
  const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const story: string[] = [];
  try {
    const disks = canMount ? { far: smallDisk(4 * 1024), near: smallDisk(256 * 1024) } : null;
    if (disks) closing.push(disks.far.remove, disks.near.remove);
    const far = await startFarSide(disks ? { parent: disks.far.directory } : {});
    closing.push(() => far.stop());
    const stranger = await startSshd();
    closing.push(() => stranger.stop());
    const dataDir = join(disks?.near.directory ?? folder, 'data');
    mkdirSync(dataDir);
    const policy = join(folder, 'connector.json');
    const also = alsoTable(join(folder, 'also.csv'));
    const settings = {
      delivery: { deadlineSeconds: 5 },
      also: { persons: also.path },
      ...(leavers === 'absent' && { spendCloud: { leavers } }), // the other way needs no settings
    };
    writeFileSync(policy, JSON.stringify(settings));
    const environment = { ...far.environment, DATA_DIR: dataDir, CONFIG_FILE: policy };

    let time = Date.parse('2026-01-05T11:00:00Z');
    const now = () => new Date(time);
    const clock = { now, pass: (minutes: number) => void (time += minutes * minuteMilliseconds) };
    const draw = drawing(seed);
    const connector = await startConnector(environment, now);
    closing.push(() => connector.stop());
    const spendCloud = spendCloudAt(far.directory, registered, leavers);
    const staff = staffOf({ draw, seed, connector, also, leavers });
    const told = { foreign: new Set<string>(), thoughtFailed: new Set<number>() };
    const judging = judge({ connector, far, spendCloud, staff, leavers, ...told });
    const ground: Ground = { draw, far, stranger, spendCloud, connector, environment, clock, ...told, disks };
    const all = weathers(ground);
    const calm: Weather = { name: 'calm', tick: () => connector.app().daily.tick() };

    await staff.everybodyJoins(80);
    for (let day = 1; day <= days; day += 1) {
      const isCalm = draw.chance(40) || onlyCalm || day === 1 || day === days;
      const storms = isCalm ? [calm] : Array.from({ length: draw.from([1, 1, 2, 3]) }, () => draw.from(all));
      story.push(`day ${day}: ${storms.map(({ name }) => name).join(', ')}`);
      await liveDay({ ...ground, staff, judging, storms, calm, isLast: day === days });
      if (day % 25 === 0) tell(`day ${day}: ${judging.deliveredRuns()} runs delivered`);
    }
    return judging.deliveredRuns();
  } catch (error) {
    const last = story.slice(-4).join('; ');
    throw new Error(
      `the soak with seed ${seed} and ${leavers} leavers failed on ${last}: ${(error as Error).message}`,
      { cause: error },
    );
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

interface Day extends Ground {
  staff: ReturnType<typeof staffOf>;
  judging: ReturnType<typeof judge>;
  /** What the day brings, one after another. */
  storms: Weather[];
  calm: Weather;
  isLast: boolean;
}

async function liveDay(day: Day): Promise<void> {
  const { draw, connector, clock, staff, judging, storms, calm, isLast } = day;
  for (let left = draw.from([0, 1, 2, 3, 5, 8]); left > 0; left -= 1) await staff.somethingHappens();
  const giveBack = draw.chance(4) && !isLast ? await staff.manyLose(draw.chance(25) ? 'all' : 'some') : undefined;
  await pauseOrResume(day);

  const { next } = await connector.app().daily.due();
  demand(next, 'there is no next due time');
  clock.pass((next.getTime() - clock.now().getTime()) / minuteMilliseconds);
  for (const storm of storms) {
    await storm.begin?.();
    for (let ticks = draw.from([1, 1, 2]); ticks > 0; ticks -= 1) {
      await storm.tick();
      await judging.look();
      clock.pass(draw.from([1, 7, 20, 75]));
    }
    await storm.mend?.();
  }

  for (const minutes of [80, 80]) {
    clock.pass(minutes);
    await calm.tick();
    await decide(day, await judging.look());
  }
  if (draw.chance(8)) {
    await connector.operate('exports', {});
    await connector.app().daily.settled();
    await decide(day, await judging.look());
  }
  const newest = await judging.look();
  if (connector.app().daily.paused() === null) {
    const given = ['delivered', 'held', 'blocked', 'discarded'];
    const refused = newest.state === 'failed' && newest.retryAt === null;
    demand(
      refused || given.includes(newest.state),
      `the day ends with run ${newest.id} ${newest.state}: ${newest.reasons.join('; ')}`,
    );
  }
  if (isLast) demand(newest.state === 'delivered', `the last run is ${newest.state}`);
  await giveBack?.();
}

async function pauseOrResume({ draw, connector, judging, isLast }: Day): Promise<void> {
  const { daily } = connector.app();
  if (daily.paused() === null) {
    if (draw.chance(3) && !isLast) await connector.operate('pause', why);
    return;
  }
  if (!isLast && draw.chance(50)) return;
  await connector.operate('resume', why);
  await daily.settled();
  await judging.look();
}

/** Somebody looks at what is held, blocked or refused: mostly at once, sometimes not at all. */
async function decide(day: Day, run: RunSeen): Promise<void> {
  const { draw, connector, judging, isLast } = day;
  if (connector.app().daily.paused()) return;
  const choices = {
    held: isLast ? (['release'] as const) : (['release', 'release', 'release', 'discard', null] as const),
    blocked: ['discard', null, null] as const,
    failed: ['retry', null] as const,
  };
  if (run.state !== 'held' && run.state !== 'blocked' && !(run.state === 'failed' && run.retryAt === null)) return;
  const choice = draw.from<string | null>(choices[run.state]);
  if (choice === null) return;
  await connector.operate(`exports/${run.id}/${choice}`, why);
  await connector.app().daily.settled();
  await judging.look();
}
