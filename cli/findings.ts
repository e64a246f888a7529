import { existsSync } from 'node:fs';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import { accessSentence } from '../shared/domain/kept-access.ts';
import type { Decider } from '../shared/domain/run.ts';
import { AppError } from '../shared/errors.ts';
import { acceptAccess, acceptAlso, keptAccessNow } from '../shared/kept-access.ts';
import { silent } from '../shared/log.ts';
import { databasePath } from '../shared/store/open.ts';
import { printable, say } from './screen.ts';

const fromHere = { key: 'command line', requestId: null };

/** The findings of the newest run, those that mean access on top; exit code 3 where nobody accepted one of these. */
export async function listFindings({ json }: { json: boolean }): Promise<void> {
  await withDatabase(async (app) => {
    const { run, kinds } = keptAccessNow(app);
    const findings = app.findings.shown((await app.runs.newestRendered())?.findings ?? []);
    if (kinds.some(({ accepted }) => accepted === null)) process.exitCode = 3;
    if (json) return void process.stdout.write(`${JSON.stringify({ run, access: kinds, findings })}\n`);
    if (run === null) {
      say('No run was made yet.');
      return;
    }
    for (const kind of kinds) {
      const { code, accepted } = kind;
      say(`${code}: ${accessSentence(kind)}`);
      if (accepted) say(printable(`  accepted until ${accepted.until} by ${accepted.by}: ${accepted.reason}`));
    }
    say(findings.length === 0 ? `Run ${run} found nothing.` : `All that run ${run} found:`);
    for (const { code, reference, message } of findings) say(printable(`  ${code} ${reference ?? ''}: ${message}`));
  });
}

export async function acceptFindings(code: string, { until, by, reason }: Decider & { until: string }): Promise<void> {
  await withDatabase(async (app) => {
    await acceptAccess(app, { code, until }, { by, reason }, fromHere);
    say(`${code} is accepted until ${until}; it is no message until then, and stays in the findings of each run.`);
  });
}

export async function acceptLine(username: string, { by, reason }: Decider): Promise<void> {
  await withDatabase(async (app) => {
    await acceptAlso(app, username, { by, reason }, fromHere);
    say('The line is in the files from the next dump on.');
  });
}

async function withDatabase(use: (app: App) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  if (!existsSync(databasePath(config.dataDir)))
    throw new AppError('not-found', `There is no database in ${config.dataDir}; is DATA_DIR that of the connector?`);
  const app = await openApp(config, { log: silent });
  try {
    await use(app);
  } finally {
    await app.close();
  }
}
