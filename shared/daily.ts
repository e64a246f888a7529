import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Delivery, LocalFile } from './delivery/delivery.ts';
import { dayIn } from './domain/calendar.ts';
import type { Run } from './domain/run.ts';
import { dueTimes, type Schedule } from './domain/schedule.ts';
import { AppError } from './errors.ts';
import { accountsFileName, type Dump, type DumpOrder } from './export/write-dump.ts';
import type { Log } from './log.ts';
import { renderDump } from './render-dump.ts';
import type { AccountStore } from './store/accounts.ts';
import type { UsernameChange } from './store/dump-source.ts';
import type { Facts } from './store/facts.ts';
import type { RunLock } from './store/run-lock.ts';
import type { DeliveredPerson, RunStore } from './store/runs.ts';

/** What the daily job works with; `app.ts` puts it together. */
export interface DailyParts {
  accounts: AccountStore;
  runs: RunStore;
  facts: Facts;
  lock: RunLock;
  delivery: Delivery;
  schedule: Schedule;
  /** How to write a dump; folder and day are filled in per run. */
  format: Omit<DumpOrder, 'folder' | 'today'>;
  usernameChange: UsernameChange;
  databasePath: string;
  /** Rendered pairs lie here, a folder per run. */
  archive: string;
  now: () => Date;
  log: Log;
}

export interface Daily {
  /** A nudge: makes the run that is due and undone, goes on with what was left, tries again what failed and may be tried. Harmless to repeat. */
  tick(): Promise<void>;
  /** Asks for a run by hand and starts on it; the run is done later, see the ledger. */
  runNow(): Promise<Run>;
  /** What a run would deliver at this moment; nothing is kept or sent. */
  preview(): Promise<{
    files: Dump['files'];
    findings: Dump['findings'];
    becomes: 'delivered' | 'blocked';
    reasons: string[];
  }>;
  /** The newest time a dump was due and has to be there, null before the first one. */
  due(): Promise<{ newest: Date | null; next: Date | null }>;
  fileOf(run: Run, name: string): string;
  /** Resolves once no run is being worked on in this process. */
  settled(): Promise<void>;
  /** Stops a dump under way, which the next start goes on with, and waits for a delivery under way. */
  stop(): Promise<void>;
}

// Slices small enough for HelloID's actions to go in between.
const personsTogether = 500;

/** Dump, check, deliver, record. The ledger in the database is the truth; the timer only nudges. */
export function daily(parts: DailyParts): Daily {
  const { accounts, runs, facts, lock, delivery, schedule, archive, now, log } = parts;
  const stopping = new AbortController();
  let working: Promise<void> | undefined;

  async function tick(): Promise<void> {
    await makeDueRun();
    await allowRetry();
    await work();
  }

  async function makeDueRun(): Promise<void> {
    const { newest } = await due();
    if (!newest || !(await accounts.everCreated())) return;
    await runs.create('schedule', newest.toISOString());
  }

  async function due(): Promise<{ newest: Date | null; next: Date | null }> {
    const countedFrom = facts.get('schedule-counted-from') ?? now().toISOString();
    const { newest, next } = dueTimes(schedule, now());
    return { newest: newest && newest.toISOString() > countedFrom ? newest : null, next };
  }

  /** Only the newest run may still be what Spend Cloud should get. */
  async function allowRetry(): Promise<void> {
    const [newest] = await runs.list(1, null);
    if (newest?.state !== 'failed' || !newest.retryAllowed) return;
    await runs.move(newest.id, ['failed'], { state: newest.files.length > 0 ? 'delivering' : 'rendering' });
  }

  function work(): Promise<void> {
    working ??= workThrough().finally(() => {
      working = undefined;
    });
    return working;
  }

  async function workThrough(): Promise<void> {
    while (!stopping.signal.aborted && (await nextRun())) {
      const release = lock.take();
      if (!release) return; // another process is at it, and looks again for waiting runs before it stops
      try {
        await advanceAll();
      } finally {
        release();
      }
    }
  }

  async function advanceAll(): Promise<void> {
    for (let run = await nextRun(); run; run = await nextRun()) {
      if (stopping.signal.aborted) return;
      await advance(run);
    }
  }

  async function nextRun(): Promise<Run | undefined> {
    const open = await runs.inState('rendering', 'delivering', 'waiting');
    return open.find((run) => run.state !== 'waiting') ?? open[0];
  }

  async function advance(run: Run): Promise<void> {
    if (run.state === 'delivering' && (await filesAreThere(run))) return deliver(run);
    await runs.move(run.id, [run.state], { state: 'rendering' });
    await render(run.id);
  }

  async function render(id: number): Promise<void> {
    const folder = folderOf(id);
    try {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const dump = await dumpTo(folder);
      const { files, findings } = dump;
      const reasons = reasonsToBlock(dump);
      log.info({ run: id, files, findings: findings.length, reasons }, 'dump rendered');
      await runs.move(id, ['rendering'], {
        state: reasons.length > 0 ? 'blocked' : 'delivering',
        files,
        findings,
        reasons,
      });
    } catch (error) {
      if (stopping.signal.aborted) return; // left as it is: the next start renders it again
      await fail(id, 'rendering', cannotRender(error));
    }
  }

  function dumpTo(folder: string): Promise<Dump> {
    const { databasePath, usernameChange, format } = parts;
    const order = { ...format, folder, today: dayIn(format.timeZone, now()) };
    return renderDump({ databasePath, usernameChange, order }, stopping.signal);
  }

  async function deliver(run: Run): Promise<void> {
    const number = await runs.startAttempt(run.id);
    const files = run.files.map((file): LocalFile => ({ ...file, path: fileOf(run, file.name) }));
    try {
      await delivery.deliver({ id: `r${run.id}-${number}`, files });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await runs.endAttempt(run.id, number, error.message);
      return fail(run.id, 'delivering', error);
    }
    await runs.endAttempt(run.id, number, null);
    await rememberDelivered(run);
    await runs.move(run.id, ['delivering'], { state: 'delivered', destination: delivery.describe(), reasons: [] });
    await runs.supersedeBefore(run.id);
    log.info({ run: run.id, destination: delivery.kind, files: run.files }, 'dump delivered');
  }

  async function fail(id: number, from: 'rendering' | 'delivering', error: AppError): Promise<void> {
    const retryAllowed = error.code !== 'delivery-refused';
    log.error({ run: id, code: error.code, retryAllowed }, `run failed while ${from}: ${error.message}`);
    await runs.move(id, [from], {
      state: 'failed',
      reasons: [error.message],
      retryAllowed,
      destination: delivery.describe(),
    });
  }

  async function rememberDelivered(run: Run): Promise<void> {
    const at = now().toISOString();
    const lines = createInterface({
      input: createReadStream(join(folderOf(run.id), accountsFileName)),
      crlfDelay: Infinity,
    });
    let slice: DeliveredPerson[] = [];
    for await (const line of lines) {
      const [account, username, isNew] = JSON.parse(line) as [number, string, boolean];
      if (isNew && slice.push([account, username]) >= personsTogether) {
        await runs.rememberDelivered(run.id, at, slice);
        slice = [];
      }
    }
    if (slice.length > 0) await runs.rememberDelivered(run.id, at, slice);
  }

  async function runNow(): Promise<Run> {
    const run = await runs.create('manual', null);
    if (!run) throw new Error('a run by hand has no due time that could be taken');
    void work().catch((error: unknown) =>
      log.error({ run: run.id, error: nameOf(error) }, 'the run stopped unexpectedly; the next tick goes on with it'),
    );
    return run;
  }

  async function preview(): ReturnType<Daily['preview']> {
    const folder = await mkdtemp(join(tmpdir(), 'spendcloud-preview-'));
    try {
      const dump = await dumpTo(folder);
      const reasons = reasonsToBlock(dump);
      return {
        files: dump.files,
        findings: dump.findings,
        becomes: reasons.length > 0 ? 'blocked' : 'delivered',
        reasons,
      };
    } catch (error) {
      throw cannotRender(error);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  function folderOf(id: number): string {
    return join(archive, String(id));
  }

  function fileOf(run: Run, name: string): string {
    return join(folderOf(run.id), name);
  }

  async function filesAreThere(run: Run): Promise<boolean> {
    const sizes = await Promise.all(
      run.files.map(({ name }) =>
        stat(fileOf(run, name)).then(
          ({ size }) => size,
          () => -1,
        ),
      ),
    );
    return run.files.length > 0 && run.files.every(({ bytes }, index) => bytes === sizes[index]);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await working?.catch(() => undefined); // whoever started the work hears of its failure
  }

  return { tick, runNow, preview, due, fileOf, settled: async () => working, stop };
}

/** What must never be sent; see interface, states of a run. */
function reasonsToBlock({ files: [persons], duplicates }: Dump): string[] {
  return [
    ...(persons.rows === 0
      ? [
          'The persons file is empty: Spend Cloud would deactivate everyone. Check that HelloID has created and enabled accounts',
        ]
      : []),
    ...(duplicates > 0 ? [`${duplicates} username(s) stand on more than one row of the persons file`] : []),
  ];
}

function cannotRender(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: '' };
  if (code === 'ENOSPC' || code === 'SQLITE_FULL')
    return new AppError('unavailable', 'The dump could not be written: the disk of DATA_DIR is full; make room', {
      cause: error,
    });
  return new AppError('unavailable', `The dump could not be written (${code ?? message})`, { cause: error });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : typeof error;
}
