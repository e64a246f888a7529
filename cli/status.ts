import { existsSync } from 'node:fs';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import { accessSentence } from '../shared/domain/kept-access.ts';
import { AppError } from '../shared/errors.ts';
import { silent } from '../shared/log.ts';
import { overview } from '../shared/overview.ts';
import { databasePath } from '../shared/store/open.ts';
import { takeOverState } from '../shared/takeover/open-take-over.ts';
import { printable, say } from './screen.ts';

// Enough to see who it is about; --json has them all.
const mostNamed = 20;

/** How things are: the last delivery, what waits for a person, how often guards held, and the take-over that is open. Exit code 3 where a person must decide. */
export async function status({ json }: { json: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  if (!existsSync(databasePath(config.dataDir)))
    throw new AppError('not-found', `There is no database in ${config.dataDir}; is DATA_DIR that of the connector?`);
  const app = await openApp(config, { log: silent });
  try {
    const found = await statusOf(app);
    if (json) process.stdout.write(`${JSON.stringify(found)}\n`);
    else tell(found);
    const { runs, usernames } = found.waiting;
    if (runs.some(({ state }) => state === 'held' || state === 'blocked') || usernames.total > 0) process.exitCode = 3;
  } finally {
    await app.close();
  }
}

type Status = Awaited<ReturnType<typeof statusOf>>;

async function statusOf(app: App) {
  const takeOver = takeOverState(app);
  const open = takeOver?.closed === null ? { ...takeOver, people: app.takenOver.untouched(takeOver.untouched) } : null;
  return { dataDir: app.config.dataDir, ...(await overview(app)), takeOver: open };
}

function tell(found: Status): void {
  const { dataDir, lastDelivered, paused, nextDueAt, waiting, guards, accounts, health, takeOver, unknownKeys } = found;
  say(`Data in ${dataDir}: ${accounts.enabled} active and ${accounts.disabled} disabled account(s).`);
  say(
    lastDelivered
      ? `Delivered last: run ${lastDelivered.id} at ${lastDelivered.at ?? ''}, ${lastDelivered.persons} active people and ${lastDelivered.roles} role(s).`
      : 'Nothing was delivered yet.',
  );
  say(
    paused ? printable(`Paused since ${paused.at} by ${paused.by}: ${paused.reason}`) : `Next: ${nextDueAt ?? 'never'}`,
  );
  for (const { id, state, reasons } of waiting.runs) {
    say(`Run ${id} is ${state}:`);
    for (const reason of reasons) say(printable(`  ${reason}`));
  }
  if (waiting.usernames.total > 0) say(`${waiting.usernames.total} changed username(s) wait to be accepted.`);
  if (waiting.findings.unseen > 0)
    say(`${waiting.findings.unseen} new finding(s) in run ${waiting.findings.run ?? ''}.`);
  for (const kind of waiting.access.kinds.filter(({ accepted }) => accepted === null))
    say(`${accessSentence(kind)} (${kind.code}).`);
  if (takeOver) {
    say(`Taken over on ${takeOver.at}. Not touched since: ${takeOver.untouched} of ${takeOver.of}.`);
    for (const { externalId, username } of takeOver.people.slice(0, mostNamed))
      say(printable(`  ${username} (number ${externalId})`));
    if (takeOver.people.length > mostNamed)
      say(`  and ${takeOver.people.length - mostNamed} more: --json names them all`);
  }
  const tripped = Object.entries(guards.tripped).filter(([, runs]) => runs > 0);
  say(
    tripped.length > 0
      ? `Guards that would have held in ${guards.days} days, of ${guards.runs} run(s): ${tripped.map(([name, runs]) => `${name} ${runs}`).join(', ')}.`
      : `No guard would have held in ${guards.days} days, of ${guards.runs} run(s).`,
  );
  if (unknownKeys.calls > 0)
    say(`${unknownKeys.calls} call(s) with an unknown key in seven days, the last at ${unknownKeys.lastAt ?? ''}.`);
  for (const { reason } of health.reasons) say(printable(`Unhealthy: ${reason}`));
}
