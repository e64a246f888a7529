import { caseless } from '../domain/account.ts';
import type { Attempt, DumpFile, Finding, Run, RunState } from '../domain/run.ts';
import type { AuditTrail } from './audit.ts';
import type { OpenDatabase } from './open.ts';
import type { Write } from './writer.ts';

/** A person of a delivered file: internal id of the account, and the username it stood there with. */
export type DeliveredPerson = [account: number, username: string];

export interface RunChange {
  state: RunState;
  files?: DumpFile[];
  findings?: Finding[];
  reasons?: string[];
  retryAllowed?: boolean;
  destination?: string;
}

export interface RunStore {
  /** A new waiting run; undefined where one exists for that due time. */
  create(trigger: Run['trigger'], dueAt: string | null): Promise<Run | undefined>;
  find(id: number): Promise<Run | undefined>;
  forDueTime(dueAt: string): Promise<Run | undefined>;
  /** Newest first, from below an id. */
  list(limit: number, below: number | null): Promise<Run[]>;
  inState(...states: RunState[]): Promise<Run[]>;
  /** The run that was delivered last, by its end. */
  lastDelivered(): Promise<Run | undefined>;
  /** Moves a run on, if it still is in one of these states; false when somebody else moved it. An end is written into the audit trail. */
  move(id: number, from: readonly RunState[], change: RunChange): Promise<boolean>;
  startAttempt(id: number): Promise<number>;
  endAttempt(id: number, number: number, error: string | null): Promise<void>;
  /** Remembers under which username each person went out; called in slices, harmless to repeat. */
  rememberDelivered(run: number, at: string, persons: DeliveredPerson[]): Promise<void>;
  /** Closes earlier runs that a newer delivery has overtaken. */
  supersedeBefore(id: number): Promise<void>;
}

interface RunRow {
  id: number;
  due_at: string | null;
  trigger: Run['trigger'];
  state: RunState;
  destination: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  files: string;
  findings: string;
  reasons: string;
  retry_allowed: number;
}

const ended: readonly RunState[] = ['delivered', 'blocked', 'failed', 'discarded'];

/** The ledger of runs in SQLite. */
export function runStore(
  { writing, reading }: OpenDatabase,
  write: Write,
  audit: AuditTrail,
  now: () => Date,
): RunStore {
  const insert = writing.prepare<[string | null, string, string]>(
    `INSERT INTO runs (due_at, trigger, state, created_at) VALUES (?, ?, 'waiting', ?) ON CONFLICT (due_at) DO NOTHING`,
  );
  const update = writing.prepare(
    `UPDATE runs SET state = @state, files = coalesce(@files, files), findings = coalesce(@findings, findings), reasons = coalesce(@reasons, reasons),
       retry_allowed = coalesce(@retry_allowed, retry_allowed), destination = coalesce(@destination, destination),
       started_at = coalesce(started_at, @started_at), finished_at = @finished_at
     WHERE id = @id AND state IN (SELECT value FROM json_each(@from))`,
  );
  const supersede = writing.prepare<[number]>(
    `UPDATE runs SET state = 'superseded' WHERE id < ? AND state IN ('waiting', 'rendering', 'held', 'blocked', 'failed')`,
  );
  const nextAttempt = writing
    .prepare<[number], number>('SELECT coalesce(max(number), 0) + 1 FROM attempts WHERE run = ?')
    .pluck();
  const insertAttempt = writing.prepare('INSERT INTO attempts (run, number, started_at) VALUES (?, ?, ?)');
  const finishAttempt = writing.prepare('UPDATE attempts SET finished_at = ?, error = ? WHERE run = ? AND number = ?');
  const setDelivered = writing.prepare(
    `UPDATE accounts SET delivered_username = @username, delivered_key = @key, delivered_at = @at, delivered_run = @run,
       accepted_username = CASE WHEN accepted_username = @username THEN NULL ELSE accepted_username END
     WHERE id = @account`,
  );
  const addDelivered = writing.prepare(
    'INSERT OR IGNORE INTO delivered_usernames (username_key, account, delivered_at) VALUES (@key, @account, @at)',
  );

  const one = (from: typeof reading, where: string) =>
    from.prepare<[number | string], RunRow>(`SELECT * FROM runs WHERE ${where}`);
  const byId = one(reading, 'id = ?');
  const byIdWriting = one(writing, 'id = ?');
  const byDueTime = one(reading, 'due_at = ?');
  const page = reading.prepare<[number, number], RunRow>('SELECT * FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?');
  const byState = reading.prepare<[string], RunRow>(
    'SELECT * FROM runs WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id',
  );
  const newestDelivered = reading.prepare<[], RunRow>(
    `SELECT * FROM runs WHERE state = 'delivered' ORDER BY finished_at DESC, id DESC LIMIT 1`,
  );
  const attemptsOf = reading.prepare<[number], Attempt>(
    'SELECT number, started_at AS startedAt, finished_at AS finishedAt, error FROM attempts WHERE run = ? ORDER BY number',
  );

  function toRun(row: RunRow | undefined): Run | undefined {
    if (!row) return undefined;
    return {
      id: row.id,
      dueAt: row.due_at,
      trigger: row.trigger,
      state: row.state,
      destination: row.destination,
      createdAt: row.created_at,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      files: JSON.parse(row.files) as DumpFile[],
      findings: JSON.parse(row.findings) as Finding[],
      reasons: JSON.parse(row.reasons) as string[],
      retryAllowed: row.retry_allowed === 1,
      attempts: attemptsOf.all(row.id),
    };
  }

  const toRuns = (rows: RunRow[]) => rows.flatMap((row) => toRun(row) ?? []);

  function move(id: number, from: readonly RunState[], { state, ...change }: RunChange): Promise<boolean> {
    return write(() => {
      const at = now().toISOString();
      const { changes } = update.run({
        id,
        from: JSON.stringify(from),
        state,
        files: json(change.files),
        findings: json(change.findings),
        reasons: json(change.reasons),
        retry_allowed: change.retryAllowed === undefined ? null : Number(change.retryAllowed),
        destination: change.destination ?? null,
        started_at: at,
        finished_at: ended.includes(state) ? at : null,
      });
      if (changes === 0) return false;
      if (ended.includes(state)) recordEnd(id, at);
      return true;
    });
  }

  function recordEnd(id: number, at: string): void {
    const run = byIdWriting.get(id);
    if (!run) return;
    const files = (JSON.parse(run.files) as DumpFile[]).map(
      ({ name, rows, sha256 }) => `${name}: ${rows} rows, SHA-256 ${sha256}`,
    );
    audit.append(at, 'export', null, {
      outcome: run.state,
      success: run.state === 'delivered',
      reference: null,
      externalId: null,
      key: run.trigger,
      origin: null,
      requestId: null,
      before: null,
      after: null,
      messages: [`Run ${id} ${run.state}`, ...files, ...(JSON.parse(run.reasons) as string[])],
    });
  }

  return {
    create: (trigger, dueAt) =>
      write(() => {
        const { changes, lastInsertRowid } = insert.run(dueAt, trigger, now().toISOString());
        return changes === 0 ? undefined : Number(lastInsertRowid);
      }).then((id) => (id === undefined ? undefined : toRun(byId.get(id)))),
    find: async (id) => toRun(byId.get(id)),
    forDueTime: async (dueAt) => toRun(byDueTime.get(dueAt)),
    list: async (limit, below) => toRuns(page.all(below ?? Number.MAX_SAFE_INTEGER, limit)),
    inState: async (...states) => toRuns(byState.all(JSON.stringify(states))),
    lastDelivered: async () => toRun(newestDelivered.get()),
    move,
    startAttempt: (id) =>
      write(() => {
        const number = nextAttempt.get(id) ?? 1;
        insertAttempt.run(id, number, now().toISOString());
        return number;
      }),
    endAttempt: (id, number, error) => write(() => void finishAttempt.run(now().toISOString(), error, id, number)),
    rememberDelivered: (run, at, persons) =>
      write(() => {
        for (const [account, username] of persons) {
          const row = { account, username, key: caseless(username), at, run };
          setDelivered.run(row);
          addDelivered.run(row);
        }
      }),
    supersedeBefore: (id) => write(() => void supersede.run(id)),
  };
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
