import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { accountView, entryView } from '../functions/account-view.ts';
import { changeText } from '../functions/audit-csv.ts';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import { momentOf } from '../shared/domain/calendar.ts';
import type { Decider } from '../shared/domain/run.ts';
import { AppError } from '../shared/errors.ts';
import { silent } from '../shared/log.ts';
import { pairsWith } from '../shared/privacy/kept-pairs.ts';
import { unfinishedText } from '../shared/privacy/privacy.ts';
import type { Counted } from '../shared/privacy/counted.ts';
import type { PersonRecord } from '../shared/store/person.ts';
import { printable, say } from './screen.ts';

/** Who this is, what Spend Cloud knows, and a timeline with before and after per field and role, newest first. */
export async function showPerson(externalId: string, { json }: { json: boolean }): Promise<void> {
  await withApp(async (app) => {
    const person = personOf(app, externalId);
    if (json) {
      say(JSON.stringify(viewOf(person)));
      return;
    }
    for (const { account, roles, delivered, deletedAt } of person.accounts) {
      const state = deletedAt === null ? (account.enabled ? 'enabled' : 'disabled') : `deleted at ${deletedAt}`;
      say(printable(`${account.reference}  number ${account.externalId}  ${state}`));
      say(
        printable(
          `  ${[account.firstName, account.prefix, account.lastName].filter(Boolean).join(' ')}  ${account.username}  ${account.email ?? ''}`,
        ),
      );
      say(
        printable(`  in Spend Cloud: ${delivered ? `${delivered.username} since ${delivered.at}` : 'never delivered'}`),
      );
      for (const role of roles)
        say(printable(`  role ${role.unit ?? role.unitCode ?? ''} - ${role.profileCode ?? role.profile ?? ''}`));
    }
    for (const entry of person.entries) {
      say(
        printable(
          `${entry.at}  ${entry.action}: ${entry.outcome}${entry.by === undefined ? '' : `, by ${entry.by}`}  (entry ${entry.entry})`,
        ),
      );
      for (const change of entryView(entry).changes) say(printable(`    ${changeText(change)}`));
      if (entry.withheld !== undefined) say('    what this was about was erased since');
    }
  });
}

/** Everything that is stored about a person, as JSON: the answer to a request for access. */
export async function exportPerson(externalId: string, file: string | undefined): Promise<void> {
  await withApp(async (app) => {
    const person = personOf(app, externalId);
    const ids = new Set(person.accounts.map(({ id }) => id));
    const pairs = await pairsWith({ archive: join(app.config.dataDir, 'archive') }, ids);
    const text = `${JSON.stringify({ externalId, madeAt: app.now().toISOString(), ...viewOf(person), deliveredFiles: pairs }, undefined, 2)}\n`;
    if (file === undefined) return void process.stdout.write(text);
    await pipeline(Readable.from([text]), createWriteStream(`${file}.partial`, { mode: 0o600, flush: true }));
    await rename(`${file}.partial`, file);
    say(`Wrote ${file}; it holds everything about this person, so keep it as such.`);
  });
}

/** Erases everything about a deleted person. */
export async function erasePerson(
  externalId: string,
  { by, reason, json }: Decider & { json: boolean },
): Promise<void> {
  await withApp(async (app) => {
    const counted = await app.privacy.erasePerson(externalId, { by, reason });
    if (json || counted.waiting === 0) reportErasure(counted, json);
    else
      say(
        'Nothing is erased yet, because a dump holds this person that Spend Cloud has or may yet get. It is on record, and happens by itself once a newer one was delivered.',
      );
  });
}

/** Gives up the digests of persons erased before. */
export async function forgetErased({ by, reason }: Decider): Promise<void> {
  await withApp((app) => app.privacy.forgetErased({ by, reason }));
  say('Given up: usernames and references of persons erased before may be given to anybody from now on.');
}

/** Erases whom entries from before a day were about, and persons deleted before it. */
export async function purgeAudit({
  before,
  by,
  reason,
  json,
}: Decider & { before: string; json: boolean }): Promise<void> {
  await withApp(async (app) => {
    const moment = momentOf(before, 'first', app.config.policy.schedule.timeZone);
    if (moment === undefined)
      throw new AppError('impossible', '--before is a day (2026-11-30) or a time with its offset');
    reportErasure(await app.privacy.purge(moment, { by, reason }), json);
  });
}

function reportErasure(counted: Counted, json: boolean): void {
  if (json) {
    say(JSON.stringify(counted));
    return;
  }
  say(
    `Erased: ${counted.persons} person(s); ${counted.entries} entries of the trail and ${counted.runs} run(s) lost whom they were about.`,
  );
  if (counted.waiting > 0)
    say(
      `${counted.waiting} deleted person(s) stand in a dump that Spend Cloud has or may yet get: purge again once a newer one was delivered.`,
    );
  if (counted.unfinished !== null) say(`Not done yet: ${unfinishedText[counted.unfinished]} (or the next start).`);
}

function personOf(app: App, externalId: string): PersonRecord {
  const person = app.person(externalId);
  if (!person) throw new AppError('not-found', 'There is no person with this number');
  return person;
}

function viewOf({ accounts, entries, ...rest }: PersonRecord) {
  return {
    accounts: accounts.map((account) => ({ ...accountView(account), delivered: account.delivered })),
    ...rest,
    entries: entries.map(entryView),
  };
}

async function withApp(use: (app: App) => Promise<void>): Promise<void> {
  const app = await openApp(loadConfig(process.env), { log: silent });
  try {
    await use(app);
  } finally {
    await app.close();
  }
}
