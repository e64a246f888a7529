import { setTimeout as pause } from 'node:timers/promises';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import type { Run, RunState } from '../shared/domain/run.ts';
import { silent } from '../shared/log.ts';
import { runView } from '../functions/run-view.ts';

const exitCodes: Partial<Record<RunState, number>> = { delivered: 0, held: 3, blocked: 3 };

/** Dumps and delivers now, in this process or in the server that has the lock; waits for the outcome and reports it. */
export async function exportNow({ dryRun, json }: { dryRun: boolean; json: boolean }): Promise<void> {
  const app = await openApp(loadConfig(process.env), { log: silent });
  try {
    if (dryRun) {
      await previewNow(app, json);
      return;
    }
    const run = await finished(app, await app.daily.runNow());
    process.exitCode = exitCodes[run.state] ?? 1;
    if (json) return void process.stdout.write(`${JSON.stringify(runView(run))}\n`);
    process.stdout.write(
      `Run ${run.id} is ${run.state}${run.state === 'delivered' ? ` to ${run.destination ?? ''}` : ''}.\n`,
    );
    printFiles(run.files);
    for (const reason of run.reasons) process.stdout.write(`  ${reason}\n`);
  } finally {
    await app.close();
  }
}

async function previewNow({ daily }: App, json: boolean): Promise<void> {
  const { files, findings, becomes, reasons } = await daily.preview();
  if (becomes === 'blocked') process.exitCode = 3;
  if (json)
    return void process.stdout.write(`${JSON.stringify({ dryRun: true, becomes, files, findings, reasons })}\n`);
  process.stdout.write(`A run now would be ${becomes}; nothing was sent.\n`);
  printFiles(files);
  for (const reason of reasons) process.stdout.write(`  ${reason}\n`);
  for (const { message, reference } of findings)
    process.stdout.write(`  look at ${reference ?? 'the whole'}: ${message}\n`);
}

function printFiles(files: Run['files']): void {
  for (const { name, rows, bytes, sha256 } of files)
    process.stdout.write(
      `  ${name.padEnd(24)}${String(rows).padStart(9)} rows ${String(bytes).padStart(12)} bytes  ${sha256}\n`,
    );
}

async function finished({ daily, runs }: App, { id }: Run): Promise<Run> {
  for (;;) {
    await daily.settled();
    const run = await runs.find(id);
    if (run && !['waiting', 'rendering', 'delivering'].includes(run.state)) return run;
    await pause(500); // a server on the same data folder is working on it
  }
}
