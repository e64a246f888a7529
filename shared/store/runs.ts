import { keyForm, visibleForm } from '../domain/key-form.ts';
import type { AuditKind } from '../domain/audit.ts';
import type { Affected, Effect } from '../domain/effect.ts';
import type { Measures } from '../domain/guards.ts';
import type { Attempt, Decider, DumpFile, Finding, Run, RunDecision, RunState } from '../domain/run.ts';
import { aboutNoAccount, type AuditTrail } from './audit.ts';
import type { OpenDatabase } from './open.ts';
import { nobody } from './rows.ts';
import type { Write } from './writer.ts';

/** A person of a delivered file, with the keys it stood there with. */
export interface DeliveredPerson {
  /** The internal id; null for a person whom HelloID does not manage. */
  account: number | null;
  username: string;
  externalId: string;
  isActive: boolean;
}

/** What changes with a run's state; absent members stay. */
export interface RunChange {
  state: RunState;
  files?: DumpFile[];
  effect?: Effect;
  who?: Affected;
  findings?: Finding[];
  reasons?: string[];
  measured?: Measures;
  destination?: string;
  /** For a failed run: when it goes on by itself, null for never. */
  retryAt?: string | null;
}

export interface RunStore {
  /** A new waiting run; undefined where one exists for that due time. */
  create(trigger: Run['trigger'], dueAt: string | null): Promise<Run | undefined>;
  find(id: number): Promise<Run | undefined>;
  forDueTime(dueAt: string): Promise<Run | undefined>;
  /** The people behind the numbers of a run's effect; null once erased or before it was rendered. */
  who(id: number): Promise<Affected | null>;
  /** Newest first, from below an id. */
  list(limit: number, below: number | null): Promise<Run[]>;
  /** Oldest first. */
  inState(...states: RunState[]): Promise<Run[]>;
  /** What the guards looked at in a run; null before it was rendered, and where nothing was delivered before. */
  measured(id: number): Promise<Measures | null>;
  /** The same of all runs since a time. */
  measuredSince(from: string): Measures[];
  /** Delivered runs by their ends, from a time on, oldest first. */
  deliveredFrom(from: string): Promise<{ id: number; at: string }[]>;
  /** The run that was delivered last, by its end; up to a time. */
  lastDelivered(until?: string): Promise<Run | undefined>;
  /** The newest run that has files: its findings are those of today. */
  newestRendered(): Promise<Run | undefined>;
  /** Moves a run on, if it still is in one of these states; false when somebody else moved it. Ends and holds go into the audit trail. */
  move(id: number, from: readonly RunState[], change: RunChange): Promise<boolean>;
  /** The same as a person's decision, with name and reason; false too when a newer run is in one of the states of `unlessNewer`. */
  decide(
    id: number,
    change: { from: readonly RunState[]; to: RunState; unlessNewer: readonly RunState[] },
    decision: RunDecision['decision'],
    decider: Decider,
  ): Promise<boolean>;
  /** Adds what was found while it was sent. */
  addFinding(id: number, finding: Finding): Promise<void>;
  /** The newest run behind an id that is in one of these states. */
  newestAfter(id: number, ...states: RunState[]): Promise<Run | undefined>;
  startAttempt(id: number): Promise<number>;
  /** From here on only the far side knows whether this attempt delivered. */
  attemptRenames(id: number, number: number): Promise<void>;
  endAttempt(id: number, number: number, error: string | null): Promise<void>;
  /** Remembers under which username each person went out, and who was said to be inactive; called in slices, harmless to repeat. */
  rememberDelivered(run: number, at: string, persons: DeliveredPerson[]): Promise<void>;
  /** The runs whose files one with this SHA-256 was. */
  ofFile(sha256: string): Promise<number[]>;
  /** Closes earlier runs in these states, which a newer one has overtaken. */
  supersedeBefore(id: number, ...states: RunState[]): Promise<void>;
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
  effect: string | null;
  findings: string;
  reasons: string;
  decisions: string;
  retry_at: string | null;
}

const ended: readonly RunState[] = ['delivered', 'blocked', 'failed', 'discarded', 'superseded'];
const recorded: readonly RunState[] = ['delivered', 'blocked', 'held', 'failed'];

// `who` is left out: it can be large, and only one route shows it.
const columns = `id, due_at, trigger, state, destination, created_at, started_at, finished_at, files, effect, findings, reasons, decisions, retry_at`;

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
    `UPDATE runs SET state = @state, files = coalesce(@files, files), effect = coalesce(@effect, effect), who = coalesce(@who, who),
       findings = coalesce(@findings, findings), measured = coalesce(@measured, measured), reasons = coalesce(@reasons, reasons), destination = coalesce(@destination, destination),
       retry_at = @retry_at, started_at = coalesce(started_at, @started_at), finished_at = @finished_at
     WHERE id = @id AND state IN (SELECT value FROM json_each(@from))`,
  );
  const addDecision = writing.prepare(
    `UPDATE runs SET decisions = json_insert(decisions, '$[#]', json(?)) WHERE id = ?`,
  );
  const appendFinding = writing.prepare(
    `UPDATE runs SET findings = json_insert(findings, '$[#]', json(?)) WHERE id = ?`,
  );
  const supersede = writing.prepare<[string, number, string]>(
    `UPDATE runs SET state = 'superseded', retry_at = NULL, finished_at = coalesce(finished_at, ?) WHERE id < ? AND state IN (SELECT value FROM json_each(?))`,
  );
  const nextAttempt = writing
    .prepare<[number], number>('SELECT coalesce(max(number), 0) + 1 FROM attempts WHERE run = ?')
    .pluck();
  const insertAttempt = writing.prepare('INSERT INTO attempts (run, number, started_at) VALUES (?, ?, ?)');
  const renameAttempt = writing.prepare('UPDATE attempts SET renaming_at = ? WHERE run = ? AND number = ?');
  const finishAttempt = writing.prepare('UPDATE attempts SET finished_at = ?, error = ? WHERE run = ? AND number = ?');
  const setDelivered = writing.prepare(
    `UPDATE accounts SET delivered_username = @username, delivered_key = @key, delivered_at = @at, delivered_run = @run,
       delivered_external_id = @externalId, closed_at = NULL,
       accepted_username = nullif(accepted_username, @username), accepted_external_id = nullif(accepted_external_id, @externalId)
     WHERE id = @account`,
  );
  const addDelivered = writing.prepare(
    `INSERT INTO delivered_usernames (username_key, account, username, delivered_at) VALUES (@key, @account, @username, @at)
     ON CONFLICT DO UPDATE SET username = @username, closed_at = NULL`,
  );
  const addDeliveredNumber = writing.prepare(
    `INSERT OR IGNORE INTO delivered_numbers (number_key, account, delivered_at)
     SELECT @number, id, @at FROM accounts WHERE id = @account`,
  );
  const setClosed = writing.prepare(
    'UPDATE accounts SET closed_at = coalesce(closed_at, @at) WHERE id = @account AND delivered_key = @key AND delivered_external_id = @externalId',
  );
  const setDeliveredInactive = writing.prepare(
    `UPDATE accounts SET delivered_username = @username, delivered_key = @key, delivered_at = @at, delivered_run = @run,
       delivered_external_id = @externalId
     WHERE id = @account AND delivered_username IS NULL`,
  );
  const addClosed = writing.prepare(
    `INSERT INTO delivered_usernames (username_key, account, username, delivered_at, closed_at) VALUES (@key, @account, @username, @at, @at)
     ON CONFLICT DO UPDATE SET closed_at = coalesce(closed_at, @at)`,
  );

  const asActive = [setDelivered, addDelivered, addDeliveredNumber];
  const asInactive = [setDeliveredInactive, setClosed, addClosed, addDeliveredNumber];

  const one = (from: typeof reading, where: string) =>
    from.prepare<[number | string], RunRow>(`SELECT ${columns} FROM runs WHERE ${where}`);
  const newest = (from: typeof reading) =>
    from.prepare<[number, string], RunRow>(
      `SELECT ${columns} FROM runs WHERE id > ? AND state IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1`,
    );
  const newestAfter = newest(reading);
  const newestAfterWriting = newest(writing);
  const byId = one(reading, 'id = ?');
  const byIdWriting = one(writing, 'id = ?');
  const byDueTime = one(reading, 'due_at = ?');
  const whoOf = reading.prepare<[number], string | null>('SELECT who FROM runs WHERE id = ?').pluck();
  const page = reading.prepare<[number, number], RunRow>(
    `SELECT ${columns} FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?`,
  );
  const byState = reading.prepare<[string], RunRow>(
    `SELECT ${columns} FROM runs WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id`,
  );
  const newestDelivered = reading.prepare<[string], RunRow>(
    `SELECT ${columns} FROM runs INDEXED BY runs_delivered WHERE state = 'delivered' AND finished_at <= ? ORDER BY finished_at DESC, id DESC LIMIT 1`,
  );
  const delivered = reading.prepare<[string], { id: number; at: string }>(
    `SELECT id, finished_at AS at FROM runs INDEXED BY runs_delivered WHERE state = 'delivered' AND finished_at >= ? ORDER BY finished_at, id`,
  );
  const measuredOf = reading.prepare<[number], string | null>('SELECT measured FROM runs WHERE id = ?').pluck();
  const measuredFrom = reading
    .prepare<[string], string>('SELECT measured FROM runs WHERE created_at >= ? AND measured IS NOT NULL ORDER BY id')
    .pluck();
  const newestWithFiles = reading.prepare<[], RunRow>(
    `SELECT ${columns} FROM runs WHERE files <> '[]' ORDER BY id DESC LIMIT 1`,
  );
  const withFile = reading
    .prepare<[string], number>(
      "SELECT DISTINCT runs.id FROM runs, json_each(runs.files) WHERE json_each.value ->> 'sha256' = ?",
    )
    .pluck();
  const attemptsOf = reading.prepare<[number], Attempt>(
    `SELECT number, started_at AS startedAt, renaming_at AS renamingAt, finished_at AS finishedAt, error FROM attempts WHERE run = ? ORDER BY number`,
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
      effect: row.effect === null ? null : effectOf(JSON.parse(row.effect) as StoredEffect),
      findings: JSON.parse(row.findings) as Finding[],
      reasons: JSON.parse(row.reasons) as string[],
      decisions: JSON.parse(row.decisions) as RunDecision[],
      retryAt: row.retry_at,
      attempts: attemptsOf.all(row.id),
    };
  }

  const toRuns = (rows: RunRow[]) => rows.flatMap((row) => toRun(row) ?? []);

  function change(id: number, from: readonly RunState[], { state, ...rest }: RunChange): boolean {
    const at = now().toISOString();
    const { changes } = update.run({
      id,
      from: JSON.stringify(from),
      state,
      files: json(rest.files),
      effect: json(rest.effect),
      who: json(rest.who),
      findings: json(rest.findings),
      reasons: json(rest.reasons),
      measured: json(rest.measured),
      destination: rest.destination ?? null,
      retry_at: rest.retryAt ?? null,
      started_at: state === 'waiting' ? null : at,
      finished_at: ended.includes(state) ? at : null,
    });
    return changes > 0;
  }

  function record(id: number, kind: AuditKind, messages: string[], decider?: Decider): void {
    const run = byIdWriting.get(id);
    if (!run) return;
    const files = (JSON.parse(run.files) as DumpFile[]).map(
      ({ name, rows, sha256 }) => `${name}: ${rows} rows, SHA-256 ${sha256}`,
    );
    audit.append(
      now().toISOString(),
      kind,
      null,
      aboutNoAccount({
        outcome: run.state,
        success: run.state !== 'failed' && run.state !== 'blocked',
        key: decider?.by ?? run.trigger,
        messages: [`Run ${id} is ${run.state}`, ...messages, ...files],
        ...(decider && { by: decider.by, reason: decider.reason }),
      }),
    );
  }

  return {
    create: async (trigger, dueAt) => {
      // asked at every tick: a refused insert would write each time, and use up a number
      if (dueAt !== null && byDueTime.get(dueAt)) return undefined;
      const id = await write(() => {
        const { changes, lastInsertRowid } = insert.run(dueAt, trigger, now().toISOString());
        return changes === 0 ? undefined : Number(lastInsertRowid);
      });
      return id === undefined ? undefined : toRun(byId.get(id));
    },
    find: async (id) => toRun(byId.get(id)),
    forDueTime: async (dueAt) => toRun(byDueTime.get(dueAt)),
    who: async (id) => {
      const who = JSON.parse(whoOf.get(id) ?? 'null') as Affected | null;
      return who && { ...noAffected, ...who };
    },
    measured: async (id) => JSON.parse(measuredOf.get(id) ?? 'null') as Measures | null,
    measuredSince: (from) => measuredFrom.all(from).map((text) => JSON.parse(text) as Measures),
    deliveredFrom: async (from) => delivered.all(from),
    list: async (limit, below) => toRuns(page.all(below ?? Number.MAX_SAFE_INTEGER, limit)),
    inState: async (...states) => toRuns(byState.all(JSON.stringify(states))),
    newestAfter: async (id, ...states) => toRun(newestAfter.get(id, JSON.stringify(states))),
    ofFile: async (sha256) => withFile.all(sha256),
    lastDelivered: async (until = '9999') => toRun(newestDelivered.get(until)),
    newestRendered: async () => toRun(newestWithFiles.get()),
    move: (id, from, moved) =>
      write(() => {
        const done = change(id, from, moved);
        if (done && recorded.includes(moved.state)) record(id, 'export', moved.reasons ?? []);
        return done;
      }),
    decide: (id, { from, to, unlessNewer }, decision, decider) =>
      write(() => {
        if (newestAfterWriting.get(id, JSON.stringify(unlessNewer)) || !change(id, from, { state: to })) return false;
        addDecision.run(JSON.stringify({ decision, at: now().toISOString(), ...decider } satisfies RunDecision), id);
        record(id, decision, [`${decider.by} decided: ${decision}. Reason: ${decider.reason}`], decider);
        return true;
      }),
    addFinding: (id, finding) => write(() => void appendFinding.run(JSON.stringify(finding), id)),
    startAttempt: (id) =>
      write(() => {
        const number = nextAttempt.get(id) ?? 1;
        insertAttempt.run(id, number, now().toISOString());
        return number;
      }),
    attemptRenames: (id, number) => write(() => void renameAttempt.run(now().toISOString(), id, number)),
    endAttempt: (id, number, error) => write(() => void finishAttempt.run(now().toISOString(), error, id, number)),
    rememberDelivered: (run, at, persons) =>
      write(() => {
        for (const { account, username, externalId, isActive } of persons) {
          const keys = { key: keyForm(username), number: visibleForm(externalId) };
          const row = { account: account ?? nobody, username, externalId, ...keys, at, run };
          for (const statement of isActive ? asActive : asInactive) statement.run(row);
        }
      }),
    supersedeBefore: (id, ...states) =>
      write(() => void supersede.run(now().toISOString(), id, JSON.stringify(states))),
  };
}

/** Runs of releases before 1.0 do not say who became active again. The numbers are shown in this order. */
function effectOf({ persons, roles }: StoredEffect): Effect {
  const { total, added, reactivated = 0, ...others } = persons;
  return { persons: { total, added, reactivated, ...others }, roles };
}

interface StoredEffect extends Omit<Effect, 'persons'> {
  persons: Omit<Effect['persons'], 'reactivated'> & { reactivated?: number };
}

const noAffected: Pick<Affected, 'reactivated'> = { reactivated: [] };

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
