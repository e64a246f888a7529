import { differences, expectedOf, wrongChanges } from './expected.ts';
import { demand, operate, type Play } from './play.ts';
import { canLogIn, importFiles, type PersonsReport, type RolesReport } from './spend-cloud.ts';
import type { Delivered } from './stage.ts';

interface Run {
  id: number;
  state: string;
  reasons: string[];
  files: { name: string; rows: number }[];
}

/** The clock reaches a due time: the connector delivers by its own schedule, Spend Cloud imports, and what came of it is checked. */
export async function morning(play: Play, day: string, time: string): Promise<void> {
  const { story, stage, spendCloud } = play;
  const isFirst = spendCloud.employees.size === 0;
  stage.clock.set(time);
  const { files } = await deliver(play, isFirst);
  const delivered = await play.collect(stage.inbox);
  const sizes = files.map(({ name, rows }) => `${name} with ${rows} rows`).join(', ');
  story.tell(`${day} 05:30: the dump is due and goes out by SFTP: ${sizes}.`, ...(isFirst ? someLines(delivered) : []));

  const expected = expectedOf(play.entitled);
  const { state, persons, roles } = importFiles(spendCloud, delivered);
  const wrong = [
    ...wrongChanges([play.expected, expected], spendCloud.employees, { persons, roles }),
    ...differences(expected, state),
  ];
  const shown = wrong.slice(0, 10).join('\n  ');
  demand(wrong.length === 0, `after the import of ${day} Spend Cloud is not what HelloID wanted:\n  ${shown}`);
  play.expected = expected;
  play.spendCloud = state;
  const total = `${canLogIn(state).length} people can log in, with ${state.roles.length} roles`;
  story.tell(`  Spend Cloud imports them. ${changes(persons, roles)}. Now ${total}.`);
}

async function deliver(play: Play, isFirst: boolean): Promise<Run> {
  const { daily } = play.stage.app;
  await daily.tick();
  const run = await newestRun(play);
  if (run.state === 'held' && isFirst) {
    play.story.tell('The first dump for a new SFTP server is held: an operator looks at it and releases it.');
    await operate(play, `exports/${run.id}/release`, { by: 'demo', reason: 'the first files were looked at' });
    await daily.tick();
    return delivered(await newestRun(play));
  }
  return delivered(run);
}

function delivered(run: Run): Run {
  demand(run.state === 'delivered', `run ${run.id} is ${run.state}: ${run.reasons.join('; ')}`);
  return run;
}

async function newestRun(play: Play): Promise<Run> {
  const { exports } = await operate<{ exports: Run[] }>(play, 'exports?limit=1');
  const [run] = exports;
  demand(run, 'no dump was made');
  return run;
}

/** The header of each file, and rows that are not plain. */
function someLines({ persons, roles }: Delivered): string[] {
  return [...linesLike(persons, [/^"[^"]*";"[^"]*'/, /^"[^"]*[^ -~]/]), ...linesLike(roles, [/""/, /;/])].map(
    (line) => `    ${line}`,
  );
}

function linesLike(csv: string, patterns: RegExp[]): string[] {
  const [header = '', ...rows] = csv.trimEnd().split('\r\n');
  return [header, ...patterns.flatMap((pattern) => rows.find((row) => pattern.test(row)) ?? [])];
}

function changes({ added, changed, deactivated, reactivated }: PersonsReport, roles: RolesReport): string {
  const people = counts({ added, changed, deactivated, reactivated });
  return `People: ${people}; roles: ${counts({ added: roles.added, removed: roles.removed })}`;
}

function counts(lists: Record<string, readonly unknown[]>): string {
  const parts = Object.entries(lists).filter(([, list]) => list.length > 0);
  return parts.map(([what, list]) => `${list.length} ${what}`).join(', ') || 'as they were';
}
