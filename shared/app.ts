import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { backups, type Backups } from './backup/backups.ts';
import { settleOlder, unknownDelivery } from './backup/older-database.ts';
import { erasuresFile } from './backup/erasure-list.ts';
import { blobBackups } from './backup/blobs.ts';
import { checks, type Checks } from './checks.ts';
import type { Config } from './config.ts';
import { daily, type Daily, type Preview } from './daily.ts';
import type { Delivery } from './delivery/delivery.ts';
import { outboxDelivery } from './delivery/outbox.ts';
import { fieldNames } from './domain/account.ts';
import { dayIn } from './domain/calendar.ts';
import type { KeyRules } from './domain/keys-in-files.ts';
import type { AccountRules } from './domain/rules.ts';
import type { Fits } from './domain/text.ts';
import { AppError, reasonOf } from './errors.ts';
import { fitsEncodings } from './export/file-format.ts';
import { callActivity, type CallActivity } from './activity.ts';
import { housekeeping } from './housekeeping.ts';
import { recordedKeys } from './key-changes.ts';
import { keyRefusals, type KeyRefusals } from './key-refusals.ts';
import { keyUse, type KeyUse } from './key-use.ts';
import { keepHead } from './kept-heads.ts';
import { latest, type Latest } from './latest.ts';
import { keptAccessNow } from './kept-access.ts';
import { keyFile, type Keys } from './keys.ts';
import type { Log } from './log.ts';
import { channelsOf } from './notify/channels.ts';
import { notifications as notificationsOf, type Notifications } from './notify/notifications.ts';
import { changedDefaultsText, lastShape } from './policy/changed-defaults.ts';
import { shapingSettings } from './policy/shaping.ts';
import { metrics, type Metrics } from './metrics.ts';
import { guardsTripped } from './overview.ts';
import { privacy, type Privacy } from './privacy/privacy.ts';
import { accountStore, type AccountStore } from './store/accounts.ts';
import { alsoStore, type AlsoStore } from './store/also.ts';
import { auditTrail, type AuditTrail, type TrailHead } from './store/audit.ts';
import { countStore, type Counts } from './store/counts.ts';
import { erasureStore } from './store/erasure.ts';
import { factStore, type Facts } from './store/facts.ts';
import { findingStore, type FindingStore } from './store/findings.ts';
import { importSource, type ImportSource } from './store/import-source.ts';
import { openDatabase } from './store/open.ts';
import { leaveToOwner } from './store/ownership.ts';
import { enter } from './store/presence.ts';
import { closeToOthers } from './store/private-folder.ts';
import { readPerson, type PersonRecord } from './store/person.ts';
import { numberStore, type NumberStore } from './store/numbers.ts';
import { resourceStore, type ResourceStore } from './store/resources.ts';
import { runLock, type RunLock } from './store/run-lock.ts';
import { runStore, type RunStore } from './store/runs.ts';
import type { NumberRules } from './store/situation.ts';
import { codeCounts } from './store/taken-over-roles.ts';
import { steadyClock } from './steady-clock.ts';
import { statistics, type Statistics } from './store/statistics.ts';
import { takenOverPeople, type TakenOverPeople } from './store/taken-over.ts';
import { termStore } from './store/terms.ts';
import { unsaidFindings } from './store/unsaid-contracts.ts';
import { usernameStore, type UsernameStore } from './store/usernames.ts';
import { writer } from './store/writer.ts';
import { ticks, type Ticks } from './ticks.ts';
import { threadsEnded } from './worker.ts';
import { writeProof } from './write-proof.ts';
import { catalogueTable, type Catalogue } from './tables/catalogue.ts';
import { runTables, type RunTables } from './tables/tables.ts';
import { auditVerifier, type VerifyAudit } from './verify-audit.ts';

/** Everything that is built once and shared by all calls. */
export interface App {
  config: Config;
  accounts: AccountStore;
  imports: ImportSource;
  resources: ResourceStore;
  catalogue: Catalogue;
  tables: RunTables;
  runs: RunStore;
  facts: Facts;
  findings: FindingStore;
  also: AlsoStore;
  activity: CallActivity;
  usernames: UsernameStore;
  personNumbers: NumberStore;
  audit: AuditTrail;
  verifyAudit: VerifyAudit;
  keys: Keys;
  keyUse: KeyUse;
  keyRefusals: KeyRefusals;
  daily: Daily;
  /** What a run would be, made anew only when something changed, and at most once a minute. */
  preview(): Promise<Latest<Preview>>;
  /** What a run would be at this moment; those who ask at once share the answer. */
  previewNow(): Promise<Preview>;
  checks: Checks;
  /** Where files go, in the words that runs keep. */
  destination: string;
  notifications: Notifications;
  backups: Backups;
  metrics: Metrics;
  privacy: Privacy;
  /** Everything the database holds about whoever has a number. */
  person(externalId: string): PersonRecord | undefined;
  counts: Counts;
  takenOver: TakenOverPeople;
  statistics: Statistics;
  rules: AccountRules;
  /** Throws `unavailable` once the database's files were removed, replaced, cut or overwritten. */
  expectDatabase(): void;
  /** Why the database takes no writes; undefined where it does. Costs next to nothing, however often it is asked. */
  writeProof(): Promise<AppError | undefined>;
  /** How usernames and numbers go into the files. */
  keyRules: KeyRules;
  log: Log;
  now: () => Date;
  /** What the host's timer calls: the daily job, then what follows it. A late, doubled or missed call does no harm. */
  tick(): Promise<void>;
  ticks: Ticks;
  /** Ends work under way and closes the database. */
  close(): Promise<void>;
}

export interface OpenOptions {
  log: Log;
  now?: () => Date;
}

// As long as a delivery takes where all is well.
const patienceMilliseconds = 20_000;

/** Opens the data folder and puts the parts together, or gives back all it opened. Starts nothing: the hosts own the timer. */
export async function openApp(config: Config, options: OpenOptions): Promise<App> {
  const opened: (() => void)[] = [];
  const giveBack = () => opened.toReversed().forEach((close) => close());
  try {
    return await assemble(config, options, { opened: (close) => void opened.push(close), giveBack });
  } catch (error) {
    giveBack(); // a host that tries again at each call would run out of files
    throw error;
  }
}

/** What is opened on the way, to be given back in the opposite order. */
interface Openings {
  opened(close: () => void): void;
  giveBack(): void;
}

async function assemble(
  config: Config,
  { log, now = () => new Date() }: OpenOptions,
  { opened, giveBack }: Openings,
): Promise<App> {
  const { policy, dataDir } = config;
  opened(() => leaveToOwner(dataDir));
  opened(enter(dataDir));
  closeToOthers(dataDir);
  const database = openDatabase(dataDir, log);
  opened(() => database.close());
  const lockOf = (name?: string) => {
    const lock = runLock(dataDir, name);
    opened(() => lock.close());
    return lock;
  };
  const writing = writer(database.writing, { files: database.files });
  const { write, idle, counts: written } = writing;
  const audit = auditTrail(database.writing, database.reading);
  const accounts = accountStore(database, write, audit, now, numbersOf(policy));
  const runs = runStore(database, write, audit, now);
  const facts = factStore(database, write, audit, now);
  const keyRules = { usernameChange: policy.accounts.username, personKey: policy.spendCloud.personKey };
  const findings = findingStore(database, write, audit, now);
  const also = alsoStore(database, write, audit, now);
  const takenOver = takenOverPeople(database);
  const activity = callActivity(facts, now);
  const fits = fitsEncodings([policy.files.persons.encoding, policy.files.roles.encoding]);
  const tables = runTables(policy, fits);
  const rules = rulesOf(config, fits);
  const catalogue = catalogueTable(policy.roles.catalogue, fits);
  const usernames = usernameStore(database, write, audit, now, keyRules);
  const personNumbers = numberStore(database, write, audit, now);
  const lock = lockOf();
  const delivery = await deliveryOf(config, facts);
  const archive = join(dataDir, 'archive');
  mkdirSync(archive, { recursive: true, mode: 0o700 });
  await countSchedule(config, delivery, facts, now);
  const clock = steadyClock(facts, now);

  const { persons, roles } = policy.files;
  const { endedContracts, notStartedContracts, unmapped } = policy.roles;
  const { timeZone } = policy.schedule;
  const { personKey, leavers, inactiveEmail } = policy.spendCloud;
  const { passiveDays } = policy.retention;
  const format = {
    ...{ persons, roles, personKey, unmapped, endedContracts, notStartedContracts, timeZone },
    ...{ leavers, inactiveEmail, passiveDays, assignedBy: rules.assignedBy },
    settings: shapingSettings(policy, config.configFile !== null),
  };
  const { schedule, guards } = policy;
  const parts = {
    accounts,
    runs,
    facts,
    lock,
    delivery,
    isDestinationSet: isDestinationSet(config),
    schedule,
    guards,
    format,
    tables,
    personNumbers,
    unsaidContracts: unsaidFindings(database),
    takenOver,
    alsoDecisions: also.decisions,
    catalogue,
    initiallyEnabled: rules.initiallyEnabled,
    usernameReuse: rules.usernameReuse,
    codePaths: rules.codePaths,
    codeCounts: codeCounts(database),
    archive,
    now,
    log,
  };
  const { lastCall } = activity;
  const { head: trailHead } = audit;
  const { path: databasePath, withoutCheckpoints } = database;
  const erasure = erasureStore(database, audit);
  const erased = () => erasure.rest.read()?.accounts ?? [];
  const older = () => settleOlder({ dataDir, archive, database, facts, runs, write, audit, now, log });
  if (unknownDelivery({ facts, archive, database })) await tellOlder(lock, older, log);
  const job = daily({
    ...parts,
    settleOlder: older,
    lastCall,
    trailHead,
    keys: keyRules,
    databasePath,
    withoutCheckpoints,
    erased,
  });

  const beats = ticks(facts, now);
  const expectDatabase = () => void database.files.isSure();

  async function tick(): Promise<void> {
    // each is owed its turn whatever became of the one before: people must hear of a job that could not go on, and need a backup most then
    const failures: unknown[] = [];
    const turn = (work: { tick(): Promise<unknown> }) => work.tick().catch((error: unknown) => failures.push(error));
    const looked = { tick: () => countSchedule(config, delivery, facts, now).then(clock.seen).then(beats.seen) };
    const kept = { tick: async () => expectDatabase() }; // what follows removes old backups and kept pairs
    await turn(looked);
    const making = turn(job);
    const isDone = await inPatience(making); // a delivery may take long, and then goes on beside the rest
    for (const work of [after, kept, copies, erasing]) await turn(work);
    const failed = failures.splice(0);
    for (const failure of failed.slice(1)) log.error({ reason: reasonOf(failure) }, 'more of the daily work failed');
    if (!isDone) {
      const tell = () =>
        failures.forEach((late) => log.error({ reason: reasonOf(late) }, 'the daily work could not go on'));
      void making.then(tell);
    }
    if (failed.length > 0) throw failed[0];
  }

  const closing = new AbortController();
  const copies = backups({
    ...{ databasePath, folder: join(dataDir, 'backups'), backupDays: policy.retention.backupDays },
    ...{
      accounts,
      runs,
      facts,
      lock: lockOf('backup.lock'),
      due: job.due,
      overdueMinutes: schedule.overdueMinutes,
      now,
      log,
    },
    erasures: erasuresFile(dataDir),
    blobs: config.backup && blobBackups(config.backup),
    mayRemove: clock.isSteady,
    signal: closing.signal,
  });

  const watched = {
    ...{ accounts, runs, facts, findings, takenOver, activity, backups: copies, usernames, config },
    ...{ daily: job, now },
  };
  const keepTold = (head: TrailHead, channel: string) => {
    try {
      keepHead(dataDir, { ...head, at: now().toISOString(), where: `when a message was sent (${channel})` });
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'the head of the trail that was told could not be kept'); // the message is out all the same
    }
  };
  const notifications = notificationsOf(
    { channels: channelsOf(config.notify), facts, trailHead, keepHead: keepTold, log },
    watched,
  );
  const after = housekeeping({
    lock: lockOf('housekeeping.lock'),
    notifications,
    archive: {
      ...{ runs, facts, folder: archive, days: policy.retention.archiveDays, week: guards.week !== null },
      ...{ mayRemove: clock.isSteady, now, log },
    },
  });

  const { erasureKey } = database;
  const keyFault = erasureKey.fault();
  if (keyFault !== undefined) log.warn({}, keyFault);
  const defaults = changedDefaultsText(config, lastShape(facts.get('delivered-shape')));
  if (defaults !== undefined) log.warn({}, defaults);
  const erasing = privacy({
    ...{ dataDir, databasePath, archive, timeZone, retention: policy.retention, week: guards.week !== null },
    ...{ erasure, terms: termStore(database), write, runs, facts, lock: lockOf() },
    outboxes: [join(dataDir, 'outbox'), ...(config.delivery.kind === 'folder' ? [config.delivery.directory] : [])],
    ...{ erasureKey, mayRemove: clock.isSteady, signal: closing.signal, now, log },
  });

  let closed: Promise<void> | undefined;

  /** Once, however often it is asked. */
  const close = () => (closed ??= closeAll());

  async function closeAll(): Promise<void> {
    closing.abort();
    await Promise.all([job.stop(), after.stop(), copies.settled(), erasing.settled()]);
    await threadsEnded(closing.signal);
    await idle();
    giveBack();
  }

  await tellBroken(() => catalogue.entries(), log);
  await tellBroken(() => tables.read(), log);
  const imports = importSource(database);
  const resources = resourceStore(database, write, audit, now);
  const keys = recordedKeys(keyFile(dataDir, config.keys), write, audit, now);
  const verifyAudit = auditVerifier(databasePath, closing.signal);
  const person = (externalId: string) => readPerson(database, externalId);
  const counts = countStore(database);
  const access = () => keptAccessNow({ findings, config, now });
  const guardTrips = () => guardsTripped({ runs, config, now }).tripped;
  const refusals = keyRefusals(facts, now);
  const numbers = metrics({
    ...{ counts, runs, backups: copies, activity, access, guardTrips, writer: written },
    ...{ refusedKeys: refusals.counts, now },
  });
  const stores = { accounts, imports, resources, catalogue, tables, runs, facts, findings, also, activity, audit };
  const destination = delivery.describe();
  const work = { daily: job, destination, notifications, backups: copies, metrics: numbers, privacy: erasing };
  const previews = latest(job.preview, {
    key: () =>
      [
        trailHead().hash,
        facts.get('delivered-pair'),
        facts.get('arrived-since'),
        dayIn(timeZone, now()),
        tables.stamp(),
      ].join(' '),
    ...{ leastSeconds: 60, mostSeconds: 600, now },
  });
  const doctor = checks(config, now, closing.signal);
  const watching = { expectDatabase, writeProof: writeProof({ facts, writer: writing, expectDatabase, now }) };
  const reports = {
    counts,
    takenOver,
    statistics: statistics(database),
    person,
    preview: previews.last,
    previewNow: previews.fresh,
    checks: doctor,
    keyUse: keyUse(facts, now),
    ticks: beats,
    keyRefusals: refusals,
  };
  return {
    config,
    ...stores,
    usernames,
    personNumbers,
    ...work,
    ...reports,
    ...watching,
    keys,
    rules,
    keyRules,
    verifyAudit,
    tick,
    close,
    log,
    now,
  };
}

/** Said at the start, where no other process is at the runs; before anything is sent it is looked at in any case. */
async function tellOlder(lock: RunLock, settle: () => Promise<void>, log: Log): Promise<void> {
  const release = lock.take();
  if (!release) return;
  try {
    await settle();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.error({ code: error.code }, error.message);
  } finally {
    release();
  }
}

/** A table that is broken at the start stops only what needs it, and is looked at again each time. */
async function tellBroken(read: () => unknown, log: Log): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.error({ code: error.code }, error.message);
  }
}

/** Whether the work was done before others should wait no longer for it. */
async function inPatience(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, patienceMilliseconds, false);
  });
  const isDone = await Promise.race([work.then(() => true), patience]);
  clearTimeout(timer);
  return isDone;
}

/** The destination that the settings name; an SSH client is loaded only where it is needed. */
async function deliveryOf(config: Config, facts: Facts): Promise<Delivery> {
  const { delivery, policy, dataDir } = config;
  if (delivery.kind === 'folder') {
    const { directory } = delivery;
    return outboxDelivery({ directory, dataDir }, policy.delivery.deadlineSeconds, facts);
  }
  const { sftpDelivery } = await import('./delivery/sftp.ts');
  return sftpDelivery({ ...delivery, ...policy.delivery });
}

/** The folder in DATA_DIR is for trying out: nobody fetches from there. */
function isDestinationSet({ delivery, dataDir }: Config): boolean {
  return delivery.kind === 'sftp' || delivery.directory !== join(dataDir, 'outbox');
}

/** Due times count from the first start, and anew from a change of schedule or destination, or where the clock ran ahead then and was corrected. */
async function countSchedule(
  { policy, delivery: settings }: Config,
  delivery: Delivery,
  facts: Facts,
  now: () => Date,
): Promise<void> {
  const { cron, timeZone } = policy.schedule;
  const counted = JSON.stringify([cron, timeZone, settings.kind, delivery.describe()]);
  const isAhead = (facts.get('schedule-counted-from') ?? '') > now().toISOString();
  if (facts.get('schedule-counted-for') === counted && !isAhead) return;
  await facts.set({ 'schedule-counted-for': counted, 'schedule-counted-from': now().toISOString() });
}

/** Where a number is in the files, it is the person who had it last until the next delivery. */
function numbersOf({ spendCloud: { personKey }, files }: Config['policy']): NumberRules {
  const columns = [...files.persons.columns, ...files.roles.columns];
  return { personKey, inFiles: columns.some((column) => 'field' in column && column.field === fieldNames.externalId) };
}

function rulesOf({ policy: { accounts, roles } }: Config, fits: Fits): AccountRules {
  return {
    initiallyEnabled: accounts.initiallyEnabled,
    assignedBy: roles.assignedBy,
    usernameChange: accounts.username,
    usernameReuse: accounts.usernameReuse,
    duplicateEmail: accounts.duplicateEmail,
    codePaths: { unit: roles.unit.code, profile: roles.profile.code },
    fits,
  };
}
