import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp, type App } from '../app.ts';
import type { Config } from '../config.ts';
import { contentOfFile, type Baseline } from '../daily/baseline.ts';
import type { FileContent } from '../domain/far-side.ts';
import type { Preview } from '../daily.ts';
import type { Leavers } from '../domain/columns.ts';
import type { UnknownPeople } from '../domain/legacy/choose.ts';
import { afterImport } from '../domain/legacy/outcomes.ts';
import { takeOver, type TakeOver } from '../domain/legacy/take-over.ts';
import type { Decider } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import { fitsEncodings } from '../export/file-format.ts';
import { readOldConnector, type ListFile, type OldConnector } from '../legacy/look.ts';
import { importLegacy, type ImportResult } from '../lifecycle/import-legacy.ts';
import { silent } from '../log.ts';
import { asDelivered } from './as-delivered.ts';
import { evidenceOf, keyOf } from './evidence.ts';
import { readGivenFile } from './given-file.ts';
import { answerLeavers, type LeaversAnswer } from './leavers-answer.ts';
import { oldPair, writeOldPair, type OldPair } from './old-pair.ts';
import { openTakeOver } from './open-take-over.ts';
import { readOurPair, type OurPerson } from './our-pair.ts';
import { prove, type Proof } from './proof.ts';
import { refusals } from './refusals.ts';
import { rehearse } from './rehearsal.ts';
import {
  differences,
  givenColumns,
  wantedSettings,
  type Given,
  type GivenColumns,
  type SettingDifference,
} from './wanted-settings.ts';
import { editSettings, writeSettings, type WrittenSettings } from './write-settings.ts';

export interface AdoptOrder extends ListFile {
  database: string;
  persons: string;
  /** The oldest release delivered no roles. */
  roles: string | undefined;
  leavers: Leavers | undefined;
  unknown: UnknownPeople;
  writeConfig: boolean;
  /** Null: a rehearsal that writes nothing. */
  decider: Decider | null;
}

/** What a take-over came to; all but `adopted` have written nothing. */
export type Adoption = Looked &
  (
    | { kind: 'ask-leavers' }
    | { kind: 'refused'; why: string[]; settings?: SettingDifference[]; work?: Work }
    | { kind: 'settings-differ'; leavers: Leavers; settings: SettingDifference[] }
    | { kind: 'rehearsed'; leavers: Leavers; settings: SettingDifference[]; work: Work }
    | { kind: 'adopted'; leavers: Leavers; settings: SettingDifference[]; written: WrittenSettings | null; work: Work }
  );

/** What was found out before anything was decided. */
export interface Looked {
  before: OldConnector;
  given: Given;
  columns: GivenColumns;
  answer: LeaversAnswer;
}

/** What was done, in a rehearsal or for good. */
export interface Work {
  found: TakeOver;
  result: ImportResult;
  baseline: Baseline;
  proof: Proof;
  becomes: Preview['becomes'];
  reasons: string[];
  /** People whose rows say inactive, to be looked up in Spend Cloud. */
  inactive: string[];
}

/**
 * Takes over a customer of the earlier connector: finds the settings that make our files equal to the given ones, imports, takes
 * the baseline, and proves what the first delivery changes. All of it is rehearsed on a copy first, and only what holds is done.
 */
export async function adopt(config: Config, order: AdoptOrder): Promise<Adoption> {
  const before = readOldConnector(order.database, order);
  const given = readGiven(order, before, config);
  const columns = givenColumns(given, config.policy);
  const old = oldPair(given, columns);
  const answer = answerLeavers(order.leavers, given, columns, old);
  const looked: Looked = { before, given, columns, answer };
  if (answer.kind === 'ask') return { ...looked, kind: 'ask-leavers' };
  if (answer.kind === 'refused') return { ...looked, kind: 'refused', why: [answer.why] };

  const { leavers } = answer;
  const wanted = wantedSettings(given, columns, leavers, before.recognised, config.policy);
  const settings = differences(wanted, config.policy);
  if (settings.length > 0 && !order.writeConfig) return { ...looked, kind: 'settings-differ', leavers, settings };
  const edited = settings.length > 0 ? editSettings(config, settings) : null;
  const withSettings = edited ? { ...config, policy: edited.policy, configFile: edited.file } : config;

  const paths = [order.persons, ...(order.roles === undefined ? [] : [order.roles])];
  const files = paths.map(contentOfFile);
  const task = { before, columns, old, leavers, unknown: order.unknown, files };
  const rehearsal = { by: 'rehearsal', reason: 'adopt' };
  const rehearsed = await rehearse(withSettings, (app) => carryOut(app, task, order.decider ?? rehearsal));
  const why = refusals(rehearsed);
  if (why.length > 0) return { ...looked, kind: 'refused', why, settings, work: rehearsed };
  if (!order.decider) return { ...looked, kind: 'rehearsed', leavers, settings, work: rehearsed };

  const written = edited && (await writeSettings(edited, new Date()));
  const app = await openApp(withSettings, { log: silent });
  try {
    const work = await carryOut(app, task, order.decider);
    return { ...looked, kind: 'adopted', leavers, settings, written, work };
  } finally {
    await app.close();
  }
}

function readGiven({ persons, roles }: AdoptOrder, { old }: OldConnector, { policy }: Config): Given {
  const { files } = policy;
  if (roles === undefined && old.layout !== 'V1')
    throw new AppError('invalid-settings', 'Give the roles file too: adopt SpendCloud.db PERSONS.csv ROLES.csv');
  return {
    persons: readGivenFile(persons, files.persons),
    roles: roles === undefined ? null : readGivenFile(roles, files.roles),
  };
}

interface Task {
  before: OldConnector;
  columns: GivenColumns;
  old: OldPair;
  leavers: Leavers;
  unknown: UnknownPeople;
  /** As Spend Cloud got them. */
  files: FileContent[];
}

async function carryOut(app: App, task: Task, decider: Decider): Promise<Work> {
  const { before, old, leavers, unknown } = task;
  const delivered = await app.runs.lastDelivered();
  if (delivered)
    throw new AppError(
      'conflict',
      `Run ${delivered.id} was delivered already: adopt is for the time before the first delivery. See who was not touched since: spendcloud status; and close the take-over with: spendcloud adopt --close --by NAME --reason TEXT`,
    );
  const { persons, roles } = app.config.policy.files;
  const fits = fitsEncodings([persons.encoding, roles.encoding]);
  const found = asDelivered(takeOver(before.old, { fits, list: before.list, unknown }), before.old);
  const result = await importLegacy(app, found.persons, decider, () => undefined);
  const baseline = await takeOldPair(app, task, decider);
  const outcomes = afterImport(found, result.notes);
  await openTakeOver(app, { by: decider.by, leavers, asks: outcomes.asks.length });

  const notes = [...found.notes, ...result.notes];
  const { roles: tables } = app.config.policy;
  const evidence = evidenceOf({
    ...{ old: before.old, notes, outcomes, lists: found.lists },
    isTouched: app.takenOver.isTouched,
    mapsRoles: tables.unitTable !== null || tables.profileTable !== null,
  });
  const { ours, becomes, reasons } = await app.daily.previewed((preview, folder) => ({
    ...preview,
    ours: readOurPair(folder),
  }));
  const proof = prove(old, ours, leavers, evidence);
  return { found, result, baseline, proof, becomes, reasons, inactive: inactiveOn(old, ours) };
}

/** Who is inactive in both files: whoever left since may be active in Spend Cloud still. */
function inactiveOn(old: OldPair, ours: readonly OurPerson[]): string[] {
  const now = ours.filter(({ state }) => state === 'inactive').map(({ values }) => keyOf(values.gebruikersnaam ?? ''));
  const known = new Set(now);
  const then = old.persons.filter(({ state }) => state === 'inactive');
  return then.map(({ values }) => values.gebruikersnaam ?? '').filter((username) => known.has(keyOf(username)));
}

/** Gives the old files to `baseline` in the layout of the settings; where Spend Cloud got other columns, the first delivery is held for that. */
async function takeOldPair({ daily, config }: App, { columns, old, files }: Task, decider: Decider): Promise<Baseline> {
  const { persons, roles } = config.policy.files;
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-adopt-'));
  try {
    const paths = writeOldPair(folder, old, { persons, roles });
    const isOther = columns.persons.length !== persons.columns.length;
    const writtenAs = isOther ? { persons: { ...persons, columns: columns.persons } } : undefined;
    return await daily.baseline({ ...paths, given: files, again: false, writtenAs, decider });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
