import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { entryView } from '../functions/account-view.ts';
import { auditCsv, auditPages } from '../functions/audit-csv.ts';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import { momentOf } from '../shared/domain/calendar.ts';
import { AppError } from '../shared/errors.ts';
import { silent } from '../shared/log.ts';
import type { AuditQuery, TrailHead } from '../shared/store/audit.ts';
import { databasePath } from '../shared/store/open.ts';
import { verifyAudit, type Verified } from '../shared/verify-audit.ts';
import { withProgressBar } from './progress-bar.ts';
import { say } from './screen.ts';

export interface AuditChoice {
  reference?: string;
  externalId?: string;
  action?: string;
  from?: string;
  to?: string;
  json: boolean;
}

/** Writes the entries that fit to a file, which appears whole or not at all, or to the screen: CSV, or with `--json` an object per line. */
export async function exportAudit(file: string | undefined, choice: AuditChoice): Promise<void> {
  const app = await openApp(loadConfig(process.env), { log: silent });
  try {
    const query = queryOf(choice, app.config.policy.schedule.timeZone);
    const text = choice.json ? Readable.from(jsonLines(app, query)) : auditCsv(app.audit, query);
    if (file === undefined) await toScreen(text);
    else await toFile(text, file);
  } finally {
    await app.close();
  }
}

/** Walks the trail of the database as it lies there, also when it is damaged; exit code 1 when anything is not as it was written. */
export async function verifyTrail({
  json,
  head,
  entry,
}: {
  json: boolean;
  head?: string;
  entry?: number;
}): Promise<void> {
  const path = databasePath(loadConfig(process.env).dataDir);
  if (!existsSync(path)) throw new AppError('not-found', `There is no database ${path}; check DATA_DIR`);
  const task = { databasePath: path, known: knownHead(head, entry) };
  const found = await withProgressBar((onProgress) => verifyAudit(task, { onProgress }));
  if (!found.ok) process.exitCode = 1;
  if (json) return void process.stdout.write(`${JSON.stringify(found)}\n`);
  if (found.ok) {
    tellWhole(found);
    return;
  }
  process.stdout.write(
    `The trail is BROKEN${found.brokenAt === null ? '' : ` at entry ${found.brokenAt}`}. ${found.reason}.\n`,
  );
}

function tellWhole({ entries, head, heads, untold }: Extract<Verified, { ok: true }>): void {
  say(
    `The trail is whole: ${entries} entries. Its head, to be kept elsewhere:`,
    `  --entry ${entries} --head ${head}`,
    'Accounts and roles are as it left them.',
  );
  if (untold !== undefined)
    say(`It does not tell of ${untold} account(s): older than the trail, or entries erased for their age.`);
  if (heads) say(`It holds ${heads.same} head(s) that were kept in the archive or told in messages.`);
  if (heads && heads.replaced > 0)
    say(`${heads.replaced} more are of a trail that a restore replaced, as this one says.`);
}

function knownHead(hash: string | undefined, entry: number | undefined): TrailHead | null {
  if (hash === undefined && entry === undefined) return null;
  if (hash !== undefined && entry !== undefined) return { entry, hash };
  throw new AppError('impossible', '--head and --entry go together: the hash of an entry, and its number');
}

function queryOf(choice: AuditChoice, timeZone: string): Omit<AuditQuery, 'limit'> {
  const moment = (name: 'from' | 'to') => {
    const text = choice[name];
    if (text === undefined) return null;
    const found = momentOf(text, name === 'from' ? 'first' : 'last', timeZone);
    if (found !== undefined) return found;
    throw new AppError(
      'impossible',
      `--${name} is a day (2026-11-30) or a time with its offset (2026-11-30T09:00:00Z)`,
    );
  };
  return {
    reference: choice.reference ?? null,
    externalId: choice.externalId ?? null,
    action: choice.action ?? null,
    from: moment('from'),
    to: moment('to'),
    after: null,
  };
}

async function* jsonLines({ audit }: App, query: Omit<AuditQuery, 'limit'>): AsyncGenerator<string> {
  for await (const entries of auditPages(audit, query))
    yield entries.map((entry) => `${JSON.stringify(entryView(entry))}\n`).join('');
}

async function toScreen(text: Readable): Promise<void> {
  try {
    await pipeline(text, process.stdout as Writable, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error; // whoever read it has read enough
  }
}

async function toFile(text: Readable, file: string): Promise<void> {
  const temporary = `${file}.partial`;
  try {
    await pipeline(text, createWriteStream(temporary, { mode: 0o600, flush: true }));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
