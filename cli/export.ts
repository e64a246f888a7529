import { setTimeout as pause } from 'node:timers/promises';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import type { Effect } from '../shared/domain/effect.ts';
import type { Run, RunState } from '../shared/domain/run.ts';
import { AppError } from '../shared/errors.ts';
import { silent } from '../shared/log.ts';

const exitCodes: Partial<Record<RunState, number>> = { delivered: 0, discarded: 0, held: 3, blocked: 3 };

/** Dumps and delivers now, in this process or in the server that has the lock; waits for the outcome and reports it. */
export async function exportNow({ dryRun, json }: { dryRun: boolean; json: boolean }): Promise<void> {
  const app = await openApp(loadConfig(process.env), { log: silent });
  try {
    if (dryRun) {
      await previewNow(app, json);
      return;
    }
    const { id } = await app.daily.runNow();
    reportRun(await waitForEnd(app, id), json);
  } finally {
    await app.close();
  }
}

/**
 * Waits until a run has come to where nothing happens by itself: in a server on the same data folder, or here as soon as nobody else is at
 * the runs, for an erasure keeps them waiting too and goes on with none. Rejects with what stopped it here, and where another process has the runs
 * and gets on with none of them.
 */
export async function waitForEnd(
  { daily, runs, config }: Pick<App, 'daily' | 'runs' | 'config'>,
  id: number,
  { sayAfter, giveUpAfter }: Patience = patienceOf(config),
): Promise<Run> {
  let seen = { what: '', since: performance.now() };
  let isTold = false;
  for (;;) {
    await daily.goOn();
    const run = await runs.find(id);
    if (!run) throw new AppError('not-found', `Run ${id} is not in the ledger any more`);
    if (!isOnItsWay(run) || (daily.paused() !== null && restsPaused(run))) return run;
    const open = await runs.inState('waiting', 'rendering', 'delivering');
    const what = JSON.stringify(open.map(({ id: of, state, attempts }) => [of, state, attempts]));
    if (what !== seen.what) seen = { what, since: performance.now() };
    const stood = performance.now() - seen.since;
    if (stood >= sayAfter && !isTold) {
      isTold = true;
      process.stderr.write(
        `Run ${id} is ${run.state}: another process works on the runs, and this command waits for it\n`,
      );
    }
    const isWorkedOn = open.some(({ state }) => state !== 'waiting');
    if (stood >= (isWorkedOn ? giveUpAfter.working : giveUpAfter.waiting)) throw standsStill(run, stood);
    await pause(500);
  }
}

/** Milliseconds in which nothing changes in the ledger. */
interface Patience {
  sayAfter: number;
  giveUpAfter: { waiting: number; working: number };
}

/** A large dump takes a minute to be made, and a delivery as long as its deadline lets it. */
function patienceOf({ policy }: App['config']): Patience {
  const working = (policy.delivery.deadlineSeconds + 120) * 1000;
  return { sayAfter: 3000, giveUpAfter: { waiting: 30_000, working } };
}

function standsStill({ id, state }: Run, milliseconds: number): AppError {
  return new AppError(
    'unavailable',
    `Run ${id} is still ${state}: another process has had the runs for ${Math.round(milliseconds / 1000)} seconds and got on with none. Nothing is lost: ` +
      `as soon as that process ends, or goes on, the run is made by it or by the next tick. See: spendcloud run ${id}`,
  );
}

function isOnItsWay({ state }: Run): boolean {
  return state === 'waiting' || state === 'rendering' || state === 'delivering';
}

function restsPaused({ state, files }: Run): boolean {
  return state === 'delivering' || (state === 'waiting' && files.length > 0);
}

/** Says what became of a run, and sets the exit code. */
export function reportRun(run: Run, json: boolean): void {
  process.exitCode = exitCodes[run.state] ?? 1;
  if (json) return void process.stdout.write(`${JSON.stringify(run)}\n`);
  const where = run.state === 'delivered' ? ` to ${run.destination ?? ''}` : '';
  process.stdout.write(`Run ${run.id} is ${run.state}${where}.\n`);
  printDump(run);
  if (run.state === 'held')
    process.stdout.write(`  Look at it, then: spendcloud release ${run.id} --by NAME --reason TEXT (or discard)\n`);
}

const mostShown = 20;

async function previewNow({ daily }: App, json: boolean): Promise<void> {
  const { files, findings, comparison, becomes, reasons } = await daily.preview();
  const { effect, who } = comparison;
  if (becomes !== 'delivered') process.exitCode = 3;
  if (json)
    return void process.stdout.write(
      `${JSON.stringify({ dryRun: true, becomes, files, effect: { ...effect, who }, findings, reasons })}\n`,
    );
  process.stdout.write(`A run now would be ${becomes}; nothing was sent.\n`);
  printDump({ files, effect, reasons });
  for (const [what, people] of [
    ['active again', who.reactivated],
    ['deactivated', who.deactivated],
  ] as const)
    for (const { reference, key } of people.slice(0, mostShown))
      process.stdout.write(`  ${what}: ${key} (${reference ?? 'not managed by HelloID'})\n`);
  for (const { before, after } of who.renamed.slice(0, mostShown))
    process.stdout.write(`  renamed: ${before} becomes ${after}\n`);
  for (const { message, reference } of findings.slice(0, mostShown))
    process.stdout.write(`  look at ${reference ?? 'the whole'}: ${message}\n`);
}

function printDump({ files, effect, reasons }: Pick<Run, 'files' | 'effect' | 'reasons'>): void {
  for (const { name, rows, bytes, sha256 } of files) {
    process.stdout.write(
      `  ${name.padEnd(24)}${String(rows).padStart(9)} rows ${String(bytes).padStart(12)} bytes  ${sha256}\n`,
    );
  }
  const inactive = effect && files[0] ? files[0].rows - effect.persons.total : 0;
  if (inactive > 0)
    process.stdout.write(`  ${inactive} of the rows of persons say that somebody is not active any more\n`);
  if (effect) process.stdout.write(table(effect));
  for (const reason of reasons) process.stdout.write(`  ${reason}\n`);
}

function table({ persons, roles }: Effect): string {
  const line = (name: string, numbers: Record<string, number>) =>
    `  ${name.padEnd(10)}${Object.entries(numbers)
      .map(([what, number]) => `${what} ${number}`)
      .join(', ')}\n`;
  return line('persons', persons) + line('roles', roles);
}
