import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import type { FileContent } from '../domain/far-side.ts';
import { matchIdentities, type Identity } from '../domain/identity.ts';
import type { Decider, DumpFile } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import { compareText } from '../export/compare-text.ts';
import { joinDelivered, type BaselineNote, type DeliveredPersonRows } from '../export/delivered-rows.ts';
import { fileWriter } from '../export/file-writer.ts';
import {
  hasInactive,
  ownerWriter,
  readManifest,
  writeDelivered,
  writeManifest,
  type Manifest,
} from '../export/pair.ts';
import { readIdentities } from '../store/identities.ts';
import { weekStart } from '../store/week-pairs.ts';
import { readDelivered } from '../tables/delivered-file.ts';
import { baselineFolder, pairFolder, type DailyParts } from './parts.ts';
import { shapeOf } from './render.ts';
import { rememberUsernames } from './send.ts';

export interface BaselineOrder {
  /** Paths of the files that Spend Cloud got last. */
  persons: string;
  roles: string;
  /** Also after we delivered something ourselves. */
  again: boolean;
  /** The files as Spend Cloud got them, persons first, where those given here are in another form. */
  given?: FileContent[];
  /** How Spend Cloud got the persons file, where it is given here in the layout of the settings. */
  writtenAs?: Pick<Manifest, 'persons'> | undefined;
  decider: Decider;
}

/** What was taken as delivered: both files in canonical form, whose rows they are, and what was odd. */
export interface Baseline {
  files: [persons: DumpFile, roles: DumpFile];
  read: { persons: number; roles: number };
  /** Persons whose account is here. */
  known: number;
  notes: BaselineNote[];
}

/** The run that the usernames are remembered with: before the first of ours. */
const runBefore = 0;

/** Takes the files delivered until now as if we had delivered them: effect, guards and first times look at them from now on. */
export async function takeBaseline(parts: DailyParts, order: BaselineOrder): Promise<Baseline> {
  const release = parts.lock.take();
  if (!release) throw new AppError('conflict', 'A run is being made or delivered; try again when it is done');
  try {
    await refuseTooLate(parts, order.again);
    const { baseline, people } = readBaseline(parts, order);
    const files = await writePair(parts, people);
    await rememberUsernames(parts, runBefore, pairFolder(parts, baselineFolder));
    const format = { ...parts.format, ...order.writtenAs };
    const shape = JSON.stringify(shapeOf(parts.delivery.describe(), format));
    writeDelivered(pairFolder(parts, baselineFolder), {
      at: parts.now().toISOString(),
      shape,
      trail: parts.trailHead(),
      given: order.given ?? [contentOfFile(order.persons), contentOfFile(order.roles)],
    });
    await record(parts, { files, shape }, order.decider);
    return { ...baseline, files };
  } finally {
    release();
  }
}

/** By its bytes: that is what lies at the far side. */
export function contentOfFile(path: string): FileContent {
  const content = readFileSync(path);
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

async function refuseTooLate({ runs }: DailyParts, again: boolean): Promise<void> {
  const delivered = await runs.lastDelivered();
  if (delivered && !again)
    throw new AppError(
      'conflict',
      `Run ${delivered.id} was delivered already, and later runs are compared with it. To compare with these files instead: --again`,
    );
  const [open] = await runs.inState('held', 'rendering', 'delivering'); // a waiting one is judged when it goes
  if (open)
    throw new AppError(
      'conflict',
      `Run ${open.id} is ${open.state}, judged without these files; discard it or let it end first`,
    );
}

interface Person {
  rows: DeliveredPersonRows;
  identity: Identity | undefined;
}

function readBaseline({ format, databasePath }: DailyParts, order: BaselineOrder) {
  const persons = readDelivered(order.persons, format.persons);
  const roles = readDelivered(order.roles, format.roles);
  const notes: BaselineNote[] = [];
  const joined = joinDelivered({ persons, roles }, format, notes);
  if (!joined.some(({ state }) => state === 'active'))
    throw new AppError(
      'unreadable',
      'The persons file names nobody who is active, so there is nothing to compare with',
    );
  const identities = matchIdentities(joined, format.personKey, readIdentities(databasePath));
  for (const rows of joined) {
    const key = rows[format.personKey === 'externalId' ? 'externalId' : 'username'] ?? '';
    if (!identities.has(rows)) notes.push({ kind: 'unknown-person', file: 'persons', line: rows.line, key });
  }
  notes.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file === 'persons' ? -1 : 1));
  const people = joined.map((rows): Person => ({ rows, identity: identities.get(rows) }));
  const read = { persons: persons.length, roles: roles.length };
  return { baseline: { read, known: identities.size, notes }, people };
}

/** Writes the pair beside the former one and then puts it in its place, so that it is there whole or not at all. */
async function writePair(parts: DailyParts, people: readonly Person[]): Promise<Baseline['files']> {
  const { format } = parts;
  const now = parts.now().toISOString();
  const folder = pairFolder(parts, baselineFolder);
  const [fresh, former] = [`${folder}.new`, `${folder}.old`];
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });

  const [personsFile, rolesFile] = [fileWriter(fresh, format.persons), fileWriter(fresh, format.roles)];
  const owners = ownerWriter(fresh);
  const rows = people.map(({ rows: { username, externalId, cells, roles, state }, identity }) => ({
    cells,
    roles,
    owner: {
      account: identity?.id ?? null,
      reference: identity?.reference ?? null,
      username: username ?? identity?.username ?? '',
      externalId: externalId ?? identity?.externalId ?? '',
      isNew: true,
      accepted: false,
      inactiveSince: state === 'inactive' ? now : null,
      once: true,
    },
  }));
  for (const { cells, roles, owner } of rows.sort((a, b) => compareText(a.owner.username, b.owner.username))) {
    personsFile.add(cells);
    for (const role of roles) rolesFile.add(role);
    owners.add(owner, roles.length);
  }
  owners.finish();
  const files: Baseline['files'] = [personsFile.finish(), rolesFile.finish()];
  const { persons, roles: rolesFormat, personKey, leavers } = format;
  const active = people.filter(({ rows: { state } }) => state === 'active').length;
  writeManifest(fresh, { files, persons, roles: rolesFormat, personKey, leavers, active });

  await rm(former, { recursive: true, force: true });
  await rename(folder, former).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  await rename(fresh, folder);
  await rm(former, { recursive: true, force: true });
  return files;
}

async function record(
  parts: DailyParts,
  { files, shape }: { files: Baseline['files']; shape: string },
  decider: Decider,
): Promise<void> {
  const inactive = hasInactive(readManifest(pairFolder(parts, baselineFolder)));
  const values = {
    ...{ 'delivered-pair': baselineFolder, 'delivered-shape': shape, 'arrived-since': null },
    'week-start': weekStart({ pair: baselineFolder, at: parts.now().toISOString() }),
    ...(inactive && { 'delivered-inactive': parts.now().toISOString() }),
  };
  const details = files.map(({ name, rows, sha256 }) => `${name}: ${rows} rows, SHA-256 ${sha256}`);
  await parts.facts.decide('baseline', values, decider, details);
}
