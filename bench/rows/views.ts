import Database from 'better-sqlite3';
import type { Bench } from '../bench.ts';
import { median, type Round, type Row } from '../measure.ts';
import { command, startServer, type Server } from '../processes.ts';
import { databaseIn, seeded } from '../seeded.ts';
import { freePort } from '../../test/sshd.ts';

const days = 365;

/** What the pages of the dashboard ask for, the most costly forms of it. */
const views = [
  'overview',
  `statistics?days=${days}`,
  'accounts?limit=100',
  'accounts?search=vries',
  'accounts?search=nobody%20at%20all',
  'accounts?stale=30',
  'exports?limit=100',
  'audit?limit=100',
  'audit?action=create&limit=100',
  'keys',
  'backups',
  'health',
];

/** The dashboard's answers with the most persons, a year of runs and the whole trail; the slowest counts. */
export async function dashboardViews(bench: Bench): Promise<Row[]> {
  const { persons, roles, entries, rounds } = bench.sizes;
  bench.tell(`the dashboard's views with ${persons} persons`);
  const dataDir = await seeded(bench, { persons, roles: roles[0], entries });
  addYearOfRuns(databaseIn(dataDir), persons);
  const server = await startServer(dataDir, await freePort());
  try {
    const measured = new Map<string, number[]>(views.map((view) => [view, []]));
    const compared: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const view of views) measured.get(view)?.push(await answerTime(server, view));
      const slowest = Math.max(...views.map((view) => measured.get(view)?.[round] ?? NaN));
      compared.push({ product: slowest, reference: await readAll(databaseIn(dataDir)) });
    }
    const notes = views.map((view) => `${view} ${median(measured.get(view) ?? []).toFixed(0)}`);
    return [
      {
        name: 'views',
        what: `the slowest view of the dashboard, ${persons} persons, ${days} runs, ${entries} entries`,
        reference: 'reading all persons once by sqlite3 as CSV',
        better: 'less',
        goal: 1,
        unit: 'ms',
        rounds: compared,
        notes: [`median in ms (goal: each under 300): ${notes.join(', ')}`],
      },
    ];
  } finally {
    await server.stop();
  }
}

async function answerTime({ call }: Server, view: string): Promise<number> {
  const started = performance.now();
  const { status, text } = await call('GET', view);
  if (status !== 200 && view !== 'health') throw new Error(`${view} answered ${status}: ${text}`);
  return performance.now() - started;
}

async function readAll(databasePath: string): Promise<number> {
  const input = '.mode csv\nSELECT * FROM accounts WHERE deleted_at IS NULL;\n';
  return (await command('sqlite3', ['-readonly', databasePath], { input })).milliseconds;
}

function addYearOfRuns(databasePath: string, persons: number): void {
  const db = new Database(databasePath);
  const add = db.prepare(
    `INSERT INTO runs (due_at, trigger, state, created_at, started_at, finished_at, files, effect, findings)
     VALUES (@at, 'schedule', 'delivered', @at, @at, @at, @files, @effect, @findings)`,
  );
  const files = JSON.stringify(
    ['Users.csv', 'Roles.csv'].map((name) => ({ name, rows: persons, bytes: 9, sha256: '0'.repeat(64) })),
  );
  const numbers = { persons: { total: persons, added: 3, reactivated: 0, deactivated: 2, changed: 9, renamed: 0 } };
  const effect = JSON.stringify({ ...numbers, roles: { total: persons, added: 5, removed: 4 } });
  db.transaction(() => {
    for (let day = 1; day <= days; day += 1) {
      const at = new Date(Date.now() - day * 86_400_000).toISOString();
      const findings = Array.from({ length: 50 }, (_, index) => ({
        ...{ code: 'ended-contract', reference: `SC-S${index}`, since: at },
        message: 'The contract of role [Wijkteam 12 | Functieprofiel 3] ended on 2026-10-31',
      }));
      add.run({ at, files, effect, findings: JSON.stringify(findings) });
    }
  })();
  db.close();
}
