import type { Delivery } from '../delivery/delivery.ts';
import type { CodeCount, CodePaths } from '../domain/code-fields.ts';
import type { Guards } from '../domain/guards.ts';
import type { FreshFinding } from '../domain/run.ts';
import type { Schedule } from '../domain/schedule.ts';
import type { AlsoDecisions } from '../domain/tables.ts';
import type { DumpOrder } from '../export/write-dump.ts';
import type { Log } from '../log.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { KeyRules } from '../domain/keys-in-files.ts';
import type { TrailHead } from '../store/audit.ts';
import type { WithoutCheckpoints } from '../store/checkpoint.ts';
import type { Facts } from '../store/facts.ts';
import type { NumberStore } from '../store/numbers.ts';
import type { RunLock } from '../store/run-lock.ts';
import type { RunStore } from '../store/runs.ts';
import type { TakenOverPeople } from '../store/taken-over.ts';
import type { Catalogue } from '../tables/catalogue.ts';
import type { RunTables } from '../tables/tables.ts';

/** What is filled in for each dump. */
type DumpOfToday =
  | 'folder'
  | 'today'
  | 'now'
  | 'tables'
  | 'alsoDecisions'
  | 'catalogue'
  | 'deliveredPair'
  | 'possiblePairs'
  | 'mostTermsEnding'
  | 'erased';

/** What the daily job works with; `app.ts` puts it together. */
export interface DailyParts {
  accounts: AccountStore;
  runs: RunStore;
  personNumbers: Pick<NumberStore, 'findings'>;
  /** Whose roles stay because HelloID's calls carry no contracts. */
  unsaidContracts(): FreshFinding[];
  takenOver: TakenOverPeople;
  /** What was decided about these lines of `also.persons`. */
  alsoDecisions(usernames: readonly string[]): AlsoDecisions;
  catalogue: Catalogue;
  facts: Facts;
  lock: RunLock;
  delivery: Delivery;
  /** Whether somebody set the destination; the folder in DATA_DIR is for trying out. */
  isDestinationSet: boolean;
  schedule: Schedule & { quietMinutes: number };
  guards: Guards;
  /** How to write a dump. */
  format: Omit<DumpOrder, DumpOfToday>;
  tables: RunTables;
  /** `accounts.initiallyEnabled`. */
  initiallyEnabled: boolean;
  keys: KeyRules;
  /** `accounts.usernameReuse`. */
  usernameReuse: 'refuse' | 'report';
  codePaths: CodePaths;
  codeCounts(): CodeCount[];
  databasePath: string;
  /** Around the reading of a whole dump. */
  withoutCheckpoints: WithoutCheckpoints;
  /** Rendered pairs lie here, a folder per run. */
  archive: string;
  /** When HelloID called last; null for not since the start. */
  lastCall(): Date | null;
  /** Accounts that were erased and may still stand in the pair delivered last. */
  erased(): readonly number[];
  /** Acts as after a restore where the database does not know of a delivery that is kept beside it; for whoever holds the lock. */
  settleOlder(): Promise<void>;
  /** The newest entry of the audit trail; goes into what is kept of a delivery. */
  trailHead(): TrailHead;
  now: () => Date;
  log: Log;
}

/** The folder in the archive of the files that Spend Cloud got before our first delivery. */
export const baselineFolder = 'baseline';

/** Before the name of a pair from which erased people were taken out: it serves the guard of a week alone. */
export const thinnedStart = 'week-';

/** Where a run's pair lies. */
export function pairFolder({ archive }: Pick<DailyParts, 'archive'>, id: number | string): string {
  return `${archive}/${id}`;
}

/** How the folder of a preview begins: in the archive, where one that was cut off is cleared away and not in a folder that others read. */
export const previewStart = '.preview-';
