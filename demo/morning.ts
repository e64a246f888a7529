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

/** What is held because it was never done before, how its reason begins, and what an operator looks at before releasing it. */
const firstTimes = {
  'first delivery': {
    reason: 'This is the first delivery to an SFTP server',
    said: 'this is the first delivery to a new SFTP server.',
    looked: 'An operator looks at both files',
  },
  'first inactive rows': {
    reason: 'The first delivery with rows of inactive people',
    said: 'the first rows of inactive people. An import that does not read "passief" would let them all in.',
    looked: "An operator sees that Spend Cloud's import definition has that field",
  },
} as const;

interface Morning {
  /** Why the run is held. */
  held?: keyof typeof firstTimes;
  /** What is shown of the delivered files. */
  shown(files: Delivered): string[];
}

/** The clock reaches a due time: the connector delivers by its own schedule, Spend Cloud imports, and what came of it is checked. */
export async function morning(play: Play, day: string, time: string, { held, shown }: Morning): Promise<void> {
  const { story, stage, spendCloud } = play;
  stage.clock.set(time);
  await stage.app.daily.tick();
  const run = await newestRun(play);
  const sizes = run.files.map(({ name, rows }) => `${name} with ${rows} rows`).join(', ');
  const goesOut = held ? '' : ' and goes out by SFTP';
  story.tell(`${day} 05:30: the dump is due${goesOut}: ${sizes}.`);
  if (held) await release(play, run, held);
  else demandState(run, 'delivered');
  const delivered = await play.collect(stage.inbox);

  const expected = expectedOf(play.entitled);
  const { state, persons, roles } = importFiles(spendCloud, delivered);
  const wrong = [
    ...wrongChanges([play.expected, expected], spendCloud.employees, { persons, roles }),
    ...differences(expected, state),
  ];
  const worst = wrong.slice(0, 10).join('\n  ');
  demand(wrong.length === 0, `after the import of ${day} Spend Cloud is not what HelloID wanted:\n  ${worst}`);
  play.expected = expected;
  play.spendCloud = state;
  const total = `${canLogIn(state).length} people can log in, with ${state.roles.length} roles`;
  story.tell(...shown(delivered), `  Spend Cloud imports them. ${changes(persons, roles)}. Now ${total}.`);
}

async function release(play: Play, run: Run, held: keyof typeof firstTimes): Promise<void> {
  const { reason, said, looked } = firstTimes[held];
  demandState(run, 'held');
  demand(run.reasons.length === 1 && run.reasons[0]?.startsWith(reason), `it is held: ${run.reasons.join('; ')}`);
  play.story.tell(`  It is held: ${said}`, `  ${looked} and releases it: it goes out by SFTP.`);
  await operate(play, `exports/${run.id}/release`, { by: 'demo', reason: `${looked} (the demo)` });
  await play.stage.app.daily.tick();
  demandState(await newestRun(play), 'delivered');
}

function demandState({ id, state, reasons }: Run, wanted: string): void {
  demand(state === wanted, `run ${id} is ${state} instead of ${wanted}: ${reasons.join('; ')}`);
}

async function newestRun(play: Play): Promise<Run> {
  const { exports } = await operate<{ exports: Run[] }>(play, 'exports?limit=1');
  const [run] = exports;
  demand(run, 'no dump was made');
  return run;
}

function changes({ added, changed, deactivated, reactivated }: PersonsReport, roles: RolesReport): string {
  const people = counts({ added, changed, deactivated, reactivated });
  return `People: ${people}; roles: ${counts({ added: roles.added, removed: roles.removed })}`;
}

function counts(lists: Record<string, readonly unknown[]>): string {
  const parts = Object.entries(lists).filter(([, list]) => list.length > 0);
  return parts.map(([what, list]) => `${list.length} ${what}`).join(', ') || 'as they were';
}
