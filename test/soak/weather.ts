import { createHash } from 'node:crypto';
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import ssh2 from 'ssh2';
import type { Draw } from '../../demo/random.ts';
import { isUnknown } from '../../shared/domain/run.ts';
import { databasePath } from '../../shared/store/open.ts';
import { fileNames, type FarSide } from '../faults/far-side.ts';
import { startTick } from '../faults/tick-process.ts';
import { canMount, type SmallDisk } from '../small-disk.ts';
import type { SpendCloudAtFolder } from '../spend-cloud.ts';
import type { Sshd } from '../sshd.ts';
import type { Connector } from './connector.ts';
import { demand } from './demand.ts';

/** Where the faults strike. */
export interface Ground {
  draw: Draw;
  far: FarSide;
  /** A server with another host key. */
  stranger: Sshd;
  spendCloud: SpendCloudAtFolder;
  connector: Connector;
  environment: Record<string, string>;
  clock: { now(): Date; pass(minutes: number): void };
  /** SHA-256 of what other programs wrote at the far side. */
  foreign: Set<string>;
  /** Runs of which the ledger says that they failed, whatever arrived. */
  thoughtFailed: Set<number>;
  /** Of the far side and of DATA_DIR; null where nobody may mount. */
  disks: { far: SmallDisk; near: SmallDisk } | null;
}

/** A fault that goes on until it is mended; `tick` is how the daily job is nudged meanwhile. */
export interface Weather {
  name: string;
  begin?(): Promise<void> | void;
  tick(): Promise<void>;
  mend?(): Promise<void> | void;
}

const strangeKey = ssh2.utils.generateKeyPairSync('ed25519').private;

/** Every fault that a soak draws from. */
export function weathers(ground: Ground): Weather[] {
  const { draw, far, stranger, spendCloud, connector, environment, clock, foreign, thoughtFailed, disks } = ground;
  const { line, sshd, directory } = far;
  const tick = () => connector.app().daily.tick();
  const somewhere = () => draw.from(places) + draw.from(steps);
  const outcome = () => draw.from(['arrives', 'is lost'] as const);
  let makeRoom: (() => void) | undefined;
  let newestBefore: number | undefined;
  const { DATA_DIR: dataDir = '' } = environment;

  /** A moment in a delivery: after so many bytes, or closely around the renames. */
  function moment(): () => boolean {
    const [bytes, renames] = [line.bytes(), sshd.renames().length];
    const wanted = draw.from([0, 1, 2] as const);
    if (draw.chance(40)) {
      const after = somewhere();
      return () => line.bytes() - bytes >= after;
    }
    if (wanted > 0) return () => sshd.renames().length - renames >= wanted;
    const log = sshd.log().length;
    return () => bothProven.test(sshd.log().slice(log));
  }

  /** Ticks, and at a moment of it does something while nothing passes. */
  async function strike(what: () => Promise<void> | void, ticks: () => Promise<void>): Promise<void> {
    let striking: Promise<void> | undefined;
    void line
      .holdWhen(draw.from(['there', 'back'] as const), moment())
      .then(() => (striking = Promise.resolve(what()).then(() => line.release(outcome()))));
    await ticks();
    await striking;
    line.release('arrives');
  }

  const always: Weather[] = [
    {
      name: 'the line is cut',
      tick: async () => {
        line.cutAfter(somewhere());
        await tick();
        line.cutAfter(undefined);
      },
    },
    {
      name: 'the line goes dead, and the server after it',
      async tick() {
        await strike(() => line.leadTo('nowhere'), tick);
        line.leadTo(sshd.port);
      },
    },
    { name: 'the server is down', begin: () => sshd.kill(), tick, mend: () => sshd.restart() },
    {
      name: 'the server is killed',
      tick: async () => {
        await strike(() => sshd.kill(), tick);
        sshd.kill();
        await sshd.restart();
      },
    },
    {
      name: 'the connector is killed',
      async tick() {
        const process = startTick(environment, clock.now());
        await strike(
          () => process.kill(),
          async () => {
            await process.ended;
          },
        );
      },
    },
    {
      name: 'two processes at once',
      async tick() {
        const other = startTick(environment, clock.now());
        await Promise.all([other.ended, tick()]);
      },
    },
    {
      name: 'the far folder is missing',
      begin: () => renameSync(directory, `${directory}-away`),
      tick,
      mend: () => renameSync(`${directory}-away`, directory),
    },
    {
      name: 'a wrong key',
      begin: () => connector.restart({ ...environment, SFTP_PRIVATE_KEY: strangeKey }),
      tick,
      mend: () => connector.restart(environment),
    },
    {
      name: 'another host key',
      begin: () => line.leadTo(stranger.port),
      tick,
      mend: () => line.leadTo(sshd.port),
    },
    { name: 'silence', begin: () => line.leadTo('nowhere'), tick, mend: () => line.leadTo(sshd.port) },
    {
      name: 'the clock goes back an hour',
      async tick() {
        await tick();
        clock.pass(-60);
        await tick();
      },
    },
    {
      name: 'Spend Cloud is quick',
      tick: () =>
        strike(() => {
          if (!isForeign(ground)) spendCloud.fetch({ remove: true });
        }, tick),
    },
    {
      name: 'another program writes there',
      async tick() {
        if (!(await connector.app().runs.lastDelivered())) return tick(); // a first delivery replaces what lies there
        const name = draw.from([fileNames.persons, fileNames.roles]);
        const content = `"written by another program at ${clock.now().toISOString()}"\r\n`;
        const hash = createHash('sha256').update(content).digest('hex');
        foreign.add(hash);
        writeFileSync(join(directory, name), content);
        await tick();
        const { persons, roles } = far.visible();
        demand([persons, roles].includes(hash), 'the file of another program was replaced, and nobody was asked');
      },
    },
    {
      name: 'an attempt that was cut while renaming is thought failed',
      async tick() {
        const renames = sshd.renames().length;
        const wanted = draw.from([1, 2]);
        void line
          .holdWhen('back', () => sshd.renames().length - renames >= wanted)
          .then(() => {
            sshd.kill();
            line.release('is lost');
          });
        await tick();
        line.release('arrives');
        sshd.kill();
        await sshd.restart();
        const { runs } = connector.app();
        for (const { id, attempts } of await runs.inState('failed'))
          for (const { number } of attempts.filter(isUnknown)) {
            await runs.endAttempt(id, number, 'It is thought to have failed');
            thoughtFailed.add(id);
          }
      },
    },
    {
      name: 'a database of before the delivery is put back by hand',
      async begin() {
        const db = new Database(databasePath(dataDir), { readonly: true });
        await db.backup(`${dataDir}-before.db`);
        db.close();
        newestBefore = (await connector.app().runs.lastDelivered())?.id;
      },
      tick,
      async mend() {
        const newest = (await connector.app().runs.lastDelivered())?.id;
        if (newest === newestBefore) return; // it would be no older one
        await connector.restart(environment, () => {
          const path = databasePath(dataDir);
          for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
          copyFileSync(`${dataDir}-before.db`, path);
        });
        const { id } = await connector.app().daily.runNow();
        await connector.app().daily.settled();
        const run = await connector.app().runs.find(id);
        demand(run?.state === 'held', `an older database was put back, and its next delivery is ${run?.state}`);
      },
    },
    { name: 'the connector is started again', begin: () => connector.restart(environment), tick },
  ];
  if (!canMount || !disks) return always;
  return [
    ...always,
    {
      name: 'the far disk is full',
      begin: () => void (makeRoom = disks.far.fill(draw.from([0, 4, 8]))),
      tick,
      mend: () => makeRoom?.(),
    },
    {
      name: 'the far folder is read-only',
      begin: () => disks.far.makeReadOnly(),
      tick,
      mend: () => disks.far.makeWritable(),
    },
    {
      name: 'the near disk is full',
      async tick() {
        const makeNearRoom = disks.near.fill(draw.from([0, 8, 16, 64]));
        await tick().catch((error: unknown) => {
          if ((error as { code?: string }).code !== 'unavailable') throw error;
        });
        makeNearRoom();
      },
    },
  ];
}

/** Whether a file of another program lies there: no import should read it. */
export function isForeign({ far, foreign }: Pick<Ground, 'far' | 'foreign'>): boolean {
  const { persons, roles } = far.visible();
  return [persons, roles].some((hash) => hash !== null && foreign.has(hash));
}

// Some 30 kB pass for a delivery of a hundred people; the end, where files get their names, is drawn as often as the rest.
const places = [0, 1000, 3000, 5000, 7000, 9000, 11_000, 13_000, 15_000, 17_000, 20_000, 25_000, 30_000];
const bothProven = /close ".*\.Roles\.csv\.r\d+-\d+\.partial" bytes read [1-9]\d* written 0/;
const steps = Array.from({ length: 32 }, (_, index) => index * 64);
