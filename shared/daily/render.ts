import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fieldNames } from '../domain/account.ts';
import { dayIn } from '../domain/calendar.ts';
import { statusColumnOf } from '../domain/columns.ts';
import type { Comparison, Losses } from '../domain/effect.ts';
import { firstTimeReasons, type DeliveryShape, type FirstTime } from '../domain/first-time.ts';
import { smallestHolding, trippedBy } from '../domain/guards.ts';
import { withSince } from '../domain/findings.ts';
import { isUnknown, type Run } from '../domain/run.ts';
import { askedAboutReasons, readTakeOver } from '../domain/take-over.ts';
import type { Tables } from '../domain/tables.ts';
import { AppError } from '../errors.ts';
import { activeRows, isDescribed, readManifest, type Manifest } from '../export/pair.ts';
import { renderDump, type RenderedDump } from '../render-dump.ts';
import { codeReasons } from './codes.ts';
import { arrivedSince } from './far-side.ts';
import { findingsOf } from './findings.ts';
import { baselineFolder, pairFolder, previewStart, type DailyParts } from './parts.ts';
import { runFailure } from './run-failure.ts';
import { withoutSettingsReasons } from './settings.ts';
import { measured, withWeekPair } from './week.ts';

/** What would become of a dump, and why; `held` and `blocked` come with reasons. */
export interface Judgement {
  becomes: 'delivered' | 'held' | 'blocked';
  reasons: string[];
}

/** Renders a run and judges it: it goes on to be delivered, waits for a person, is blocked, or (while paused) waits. */
export async function renderRun(parts: DailyParts, run: Run, signal: AbortSignal): Promise<void> {
  const { runs, facts, log } = parts;
  const folder = pairFolder(parts, run.id);
  const dump = await writing(async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return dumpTo(parts, folder, signal);
  });
  const { becomes, reasons } = await judge(parts, dump);
  const goes = facts.get('paused') ? 'waiting' : 'delivering';
  const state = becomes === 'delivered' ? goes : becomes;
  const { files } = dump;
  const comparison = worst(dump);
  const [before] = (await runs.list(20, run.id)).filter(({ files: rendered }) => rendered.length > 0);
  const fresh = findingsOf(parts, dump, comparison);
  const findings = withSince(fresh, before?.findings ?? [], parts.now().toISOString());
  const { effect, who } = comparison;
  const measures = measured(dump, comparison);
  const destination = parts.delivery.describe();
  await runs.move(run.id, ['rendering'], {
    ...{ state, destination, files, findings, effect, who, reasons },
    ...(measures && { measured: measures }),
  });
  log.info({ run: run.id, state, files, effect, findings: findings.length, reasons }, 'dump rendered');
  if (state === 'held' || state === 'blocked') await runs.supersedeBefore(run.id, 'waiting', 'held', 'blocked');
}

/** Writes down that a run cannot be made without losing rows: a person must mend a table first. */
export async function blockRun({ runs, log }: DailyParts, run: Run, { code, message }: AppError): Promise<void> {
  log.error({ run: run.id, code }, `run blocked: ${message}`);
  await runs.move(run.id, [run.state], { state: 'blocked', reasons: [message] });
  await runs.supersedeBefore(run.id, 'waiting', 'held', 'blocked');
}

/** What a run would be at this moment, looked at while its pair is in a folder; nothing is kept or sent. */
export async function previewRun<Seen>(
  parts: DailyParts,
  signal: AbortSignal,
  look: (preview: RenderedDump & Judgement, folder: string) => Seen,
): Promise<Seen> {
  const folder = await writing(() => mkdtemp(join(parts.archive, previewStart)));
  try {
    const dump = await writing(() => dumpTo(parts, folder, signal));
    const comparison = worst(dump);
    const findings = findingsOf(parts, dump, comparison);
    return look({ ...dump, comparison, findings, ...(await judge(parts, dump)) }, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How a delivery looks from Spend Cloud's side, by the format its pair was written with: the settings may say another one by now. */
export function shapeOf(
  destination: string,
  { persons, roles, personKey, leavers = 'absent' }: Pick<Manifest, 'persons' | 'roles' | 'personKey' | 'leavers'>,
): DeliveryShape {
  const files = [persons, roles].map(({ fileName, columns }) => [fileName, columns]);
  return { destination, files: JSON.stringify(files), personKey, leavers };
}

async function dumpTo(parts: DailyParts, folder: string, signal?: AbortSignal): Promise<RenderedDump> {
  const { databasePath, keys, format, facts, now } = parts;
  const pair = facts.get('delivered-pair');
  const deliveredPair = pair ? pairFolder(parts, pair) : null;
  const tables = parts.tables.read();
  const since = arrivedSince(parts);
  const arrived = [since.persons, since.roles].flatMap((run) => (run === undefined ? [] : pairFolder(parts, run)));
  const possible = [...new Set([...(await possiblePairs(parts)), ...arrived])];
  const order = {
    ...format,
    ...{ folder, tables, alsoDecisions: parts.alsoDecisions(alsoNames(tables)), catalogue: await catalogueOf(parts) },
    ...{ deliveredPair, possiblePairs: possible },
    ...{ now: now().toISOString(), today: dayIn(format.timeZone, now()) },
    ...{ erased: parts.erased(), mostTermsEnding: mostTermsEnding(parts, deliveredPair) },
  };
  const dump = await withWeekPair(parts, (week) =>
    parts.withoutCheckpoints(() => renderDump({ databasePath, keys, order, week }, signal)),
  );
  if (arrived.length === 0) return dump;
  const against = (run?: number) =>
    run === undefined ? dump.comparison : dump.alternatives[possible.indexOf(pairFolder(parts, run))];
  const alternatives = dump.alternatives.filter((_, index) => !arrived.includes(possible[index] ?? ''));
  return { ...dump, comparison: joined(against(since.persons), against(since.roles)) ?? dump.comparison, alternatives };
}

/** What Spend Cloud will do where it has the persons of one pair and the roles of another. */
function joined(persons: Comparison | undefined, roles: Comparison | undefined): Comparison | undefined {
  if (!persons || !roles) return undefined;
  const { rolesAdded, rolesRemoved } = roles.who;
  const base = persons.base && { persons: persons.base.persons, roles: roles.base?.roles ?? 0 };
  return {
    ...persons,
    base,
    effect: { persons: persons.effect.persons, roles: roles.effect.roles },
    who: { ...persons.who, rolesAdded, rolesRemoved },
    losses: worseOf(persons.losses, roles.losses),
  };
}

/** Roles that are lost show against the pair whose roles Spend Cloud has; whoever leaves shows against the other. */
function worseOf(persons: Losses, roles: Losses): Losses {
  const units = new Map(roles.units.map((loss) => [loss.unit, loss]));
  for (const loss of persons.units) if (loss.lost > (units.get(loss.unit)?.lost ?? 0)) units.set(loss.unit, loss);
  return {
    lastRole: Math.max(persons.lastRole, roles.lastRole),
    alsoPersons: persons.alsoPersons,
    alsoRoles: persons.alsoRoles.count > roles.alsoRoles.count ? persons.alsoRoles : roles.alsoRoles,
    units: [...units.values()],
  };
}

/** Null while the table is broken, which HelloID is told when it asks for its permissions; no run waits for that. */
async function catalogueOf({ catalogue }: DailyParts): Promise<ReadonlySet<string> | null> {
  try {
    return new Set((await catalogue.entries()).keys());
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function alsoNames({ alsoPersons }: Tables): string[] {
  return [...alsoPersons.values()].map(({ values }) => values[fieldNames.username] ?? '');
}

/** Runs whose outcome only the far side knows, and which could not be asked of it. */
async function possiblePairs(parts: DailyParts): Promise<string[]> {
  const failed = await parts.runs.inState('failed');
  const unknown = failed.filter(({ attempts, files }) => files.length > 0 && attempts.some(isUnknown));
  const folders = unknown.map(({ id }) => pairFolder(parts, id));
  const described = await Promise.all(folders.map(isDescribed));
  return folders.filter((_, index) => described[index]);
}

/** Rows of people who were taken over together would leave the file on one day: in a week at most as many do as the guard of deactivated people lets pass. */
function mostTermsEnding({ guards }: DailyParts, deliveredPair: string | null): number {
  if (!guards.week) return Infinity;
  const people = deliveredPair === null ? 0 : activeRows(readManifest(deliveredPair));
  return Math.max(1, Math.floor((guards.week.times * smallestHolding(guards.deactivated, people) - 1) / 7));
}

async function writing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw runFailure('The dump could not be written', error);
  }
}

async function judge(parts: DailyParts, dump: RenderedDump): Promise<Judgement> {
  const blocked = reasonsToBlock(dump, parts.format.personKey);
  if (blocked.length > 0) return { becomes: 'blocked', reasons: blocked };
  const held = [
    ...(await firstTimes(parts, dump)),
    ...withoutSettingsReasons(parts),
    ...takenOver(dump, parts),
    ...codeReasons(parts),
    ...leftOut(parts),
    ...trippedBy(measured(dump, worst(dump)), parts.guards).map(({ reason }) => reason),
  ];
  return { becomes: held.length > 0 ? 'held' : 'delivered', reasons: held };
}

/** Until the first delivery only: a person has released it then. */
function leftOut({ facts }: DailyParts): string[] {
  if (facts.get('delivered-pair') !== baselineFolder) return [];
  return askedAboutReasons(readTakeOver(facts.get('take-over')));
}

/** Where it is not known which files Spend Cloud has, the worse of the possible effects counts. */
function worst({ comparison, alternatives }: RenderedDump): Comparison {
  const harm = ({ effect: { persons, roles } }: Comparison) =>
    persons.deactivated + persons.reactivated + persons.renamed + roles.removed;
  return alternatives.reduce((one, other) => (harm(other) > harm(one) ? other : one), comparison);
}

/** What must never be sent; see interface, states of a run. */
function reasonsToBlock({ managed, duplicates }: RenderedDump, personKey: Manifest['personKey']): string[] {
  const keys = personKey === 'gebruikersnaam' ? 'username(s)' : 'number(s)';
  const advice = 'Spend Cloud would deactivate everyone. Check that HelloID has created and enabled accounts';
  return [
    ...(managed === 0 ? [`The persons file is empty, but for people whom HelloID does not manage: ${advice}`] : []),
    ...(duplicates > 0 ? [`${duplicates} ${keys} stand on more than one row of the persons file`] : []),
  ];
}

/** Where Spend Cloud knows people by their usernames, such a person would get the account of the former holder. */
function takenOver({ takeOvers }: RenderedDump, { usernameReuse, keys }: DailyParts): string[] {
  if (takeOvers === 0 || usernameReuse === 'report' || keys.personKey !== 'gebruikersnaam') return [];
  return [
    `${takeOvers} person(s) would get a username that was delivered for somebody else, and perhaps that account in Spend Cloud; the findings name them, and "spendcloud username allow" lets one have it`,
  ];
}

async function firstTimes(parts: DailyParts, { comparison, inactive }: RenderedDump): Promise<string[]> {
  const { base, effect } = comparison;
  const status = statusColumnOf(parts.format.persons.columns);
  const { delivery, facts, format } = parts;
  const last = facts.get('delivered-shape');
  const names = [format.persons.fileName, format.roles.fileName];
  return firstTimeReasons({
    kind: delivery.kind,
    isSet: parts.isDestinationSet,
    shape: shapeOf(delivery.describe(), format),
    lastShape: last ? (JSON.parse(last) as DeliveryShape) : null,
    foreignFiles: !last && delivery.kind === 'folder' ? await delivery.existing(names) : [],
    restoredAt: facts.get('restored-at') ?? null,
    olderThan: JSON.parse(facts.get('older-than') ?? 'null') as FirstTime['olderThan'],
    roles: effect.roles.total,
    lastRoles: base?.roles ?? null,
    inactive: status ? { rows: inactive, field: status.place + 1, header: status.column.header } : null,
    hadInactive: facts.get('delivered-inactive') !== undefined,
  });
}
