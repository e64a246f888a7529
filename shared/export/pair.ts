import { closeSync, createReadStream, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Leavers } from '../domain/columns.ts';
import type { FileContent } from '../domain/far-side.ts';
import type { DumpFile } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import type { ShapingSettings } from '../policy/shaping.ts';
import { csvRecords } from './csv-records.ts';
import type { FileFormat } from './file-format.ts';
import { durableFile } from './file-writer.ts';
import { packedEnd } from './packed.ts';

/** What lies beside a rendered pair: who each row is, and how to read the files later, whatever the settings say then. */
export interface Manifest {
  files: [persons: DumpFile, roles: DumpFile];
  persons: FileFormat;
  roles: FileFormat;
  personKey: PersonKey;
  /** How inactive people are told; releases before 1.0 did not say it: they were absent. */
  leavers?: Leavers;
  /** Rows of active people; releases before 1.0 did not say it: all were. */
  active?: number;
  /** What the pair was written under; releases before 1.0 and a baseline do not say it. */
  settings?: ShapingSettings;
}

/** Whether a persons file says of anybody that he or she is not active. */
export function hasInactive(manifest: Manifest): boolean {
  return activeRows(manifest) < manifest.files[0].rows;
}

/** Rows of active people in a persons file. */
export function activeRows({ files: [persons], active = persons.rows }: Manifest): number {
  return active;
}

/** By which value Spend Cloud knows a person; `spendCloud.personKey` in connector.json. */
export type PersonKey = 'gebruikersnaam' | 'externalId';

/** Who one row of the persons file is. */
export interface RowOwner {
  /** The account's internal id; null for a person whom HelloID does not manage. */
  account: number | null;
  reference: string | null;
  username: string;
  externalId: string;
  /** Goes out under this username, or with this state, for the first time. */
  isNew: boolean;
  /** A changed username that an operator accepted. */
  accepted: boolean;
  /** UTC, for the row of somebody who is not active any more; null for an active person. */
  inactiveSince: string | null;
  /** Spend Cloud got the person, or this username, before. */
  once: boolean;
}

/** A person of a pair: the row and the role rows, as raw records. */
export interface PersonRecords extends RowOwner {
  row: string;
  roles: string[];
  /** How many of the roles only `also.roles` gives. */
  alsoRoles: number;
}

/** The last ones came later: a pair of before has lines without them. */
type OwnerLine = [
  account: number | null,
  reference: string | null,
  username: string,
  externalId: string,
  isNew: boolean,
  accepted: boolean,
  roleRows: number,
  inactiveSince?: string | null,
  once?: boolean,
  alsoRoles?: number,
];

/** What is put beside a pair once Spend Cloud got it, or an operator said that it did; a restore finds the newest one by it, whatever the restored database knows. */
export interface Delivered {
  /** UTC. */
  at: string;
  /** The fact `delivered-shape`. */
  shape: string;
  /** The newest entry of the audit trail at that moment: an earlier head, by which a trail that was rewritten later is found. */
  trail: { entry: number; hash: string };
  /** Of a baseline: the files as Spend Cloud got them, persons first; the kept ones are in the form of ours. */
  given?: FileContent[];
}

/** Beside the files of a pair: who each row is, a line per row. */
export const ownersFile = '.persons.jsonl';
/** Beside the files of a pair. */
export const manifestFile = '.manifest.json';
export const deliveredFile = '.delivered.json';

const lineFeed = 0x0a;

/** Collects who each row is, in the order of the rows. */
export function ownerWriter(folder: string): {
  add(owner: RowOwner, roleRows: number, alsoRoles?: number): void;
  finish(): void;
} {
  const file = durableFile(join(folder, ownersFile));
  let text = '';
  const flush = () => {
    file.put(Buffer.from(text));
    text = '';
  };
  return {
    add: (owner, roleRows, alsoRoles = 0) => {
      const { account, reference, username, externalId, isNew, accepted, inactiveSince, once } = owner;
      const whose = [account, reference, username, externalId, isNew, accepted] as const;
      const line: OwnerLine = [...whose, roleRows, inactiveSince, once];
      if (alsoRoles > 0) line.push(alsoRoles);
      text += `${JSON.stringify(line)}\n`;
      if (text.length > 65_536) flush();
    },
    finish: () => {
      flush();
      file.finish();
    },
  };
}

export function writeManifest(folder: string, manifest: Manifest): void {
  writeJson(join(folder, manifestFile), manifest);
}

function writeJson(path: string, value: object): void {
  const file = durableFile(path);
  file.put(Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`));
  file.finish();
}

/** Throws `unavailable` where it is missing or cut off, as do the readers of the pair below. */
export function readManifest(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, manifestFile), 'utf8')) as Manifest;
  } catch (error) {
    throw unreadablePair(folder, manifestFile, error);
  }
}

export function writeDelivered(folder: string, delivered: Delivered): void {
  writeJson(join(folder, deliveredFile), delivered);
}

/** Which pair a folder of the archive holds, in words. */
export function inWords(pair: string): string {
  return isBaseline(pair) ? 'the baseline' : `run ${pair}`;
}

/** Whether a pair, by its name or its folder, was not rendered here but given as what Spend Cloud has. */
export function isBaseline(pair: string): boolean {
  return basename(pair) === 'baseline';
}

/** Undefined for a pair that was not delivered. */
export function readDelivered(folder: string): Delivered | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, deliveredFile), 'utf8')) as Delivered;
  } catch {
    return undefined; // not there, or cut off by a crash: the run is settled again then
  }
}

/** Who each row is, read in pieces. */
export function* readOwners(folder: string): Generator<OwnerOfRows> {
  try {
    for (const line of lines(join(folder, ownersFile))) {
      yield ownerOf(line);
    }
  } catch (error) {
    throw unreadablePair(folder, ownersFile, error);
  }
}

type OwnerOfRows = RowOwner & { roleRows: number; alsoRoles: number };

/** A line of the file that says who each row is. */
export function ownerOf(line: string): OwnerOfRows {
  const [account, reference, username, externalId, isNew, accepted, roleRows, inactiveSince, once, alsoRoles] =
    JSON.parse(line) as OwnerLine;
  const whose = { account, reference, username, externalId, isNew, accepted, roleRows };
  return { ...whose, inactiveSince: inactiveSince ?? null, once: once ?? false, alsoRoles: alsoRoles ?? 0 };
}

/** True when it can be said of a rendered pair how to read it and whose each row is. The rows are only counted, so that it costs little. */
export async function isDescribed(folder: string): Promise<boolean> {
  try {
    const [{ rows }] = readManifest(folder).files;
    let counted = 0;
    for await (const piece of createReadStream(join(folder, ownersFile)) as AsyncIterable<Buffer>)
      for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, end + 1)) counted += 1;
    return counted === rows;
  } catch {
    return false; // missing or cut off: it is rendered again
  }
}

/** Whether a pair has all its files, compressed or not. */
export function isKeptWhole(folder: string): boolean {
  try {
    const { persons, roles } = readManifest(folder);
    const names = [persons.fileName, roles.fileName, ownersFile].map((name) => join(folder, name));
    return names.every((path) => existsSync(path) || existsSync(`${path}${packedEnd}`));
  } catch {
    return false;
  }
}

/** Whether a folder of the archive is the pair of a run, or the baseline, and not a copy that serves something else. */
export function isPairName(name: string): boolean {
  return /^\d{1,15}$/.test(name) || isBaseline(name);
}

/** Every person of a pair with the rows, in the order of the files, read in pieces. */
export function* readPair(folder: string, { persons, roles }: Manifest): Generator<PersonRecords> {
  const rows = recordsOf(folder, persons);
  const roleRecords = recordsOf(folder, roles);
  const next = (records: Generator<string>): string => {
    const found = records.next();
    if (found.done) throw unreadablePair(folder, 'a row');
    return found.value;
  };
  next(rows); // the headers
  next(roleRecords);
  for (const { roleRows, ...owner } of readOwners(folder)) {
    const row = next(rows);
    yield { ...owner, row, roles: Array.from({ length: roleRows }, () => next(roleRecords)) };
  }
  // nobody may be left over: who is not seen here would be neither deactivated nor counted
  if (!rows.next().done || !roleRecords.next().done) throw unreadablePair(folder, ownersFile);
}

function* recordsOf(folder: string, format: FileFormat): Generator<string> {
  try {
    yield* csvRecords(join(folder, format.fileName), format);
  } catch (error) {
    throw unreadablePair(folder, format.fileName, error);
  }
}

function unreadablePair(folder: string, what: string, error?: unknown): AppError {
  if (error instanceof AppError) return error;
  const text = `The delivered files kept in ${folder} cannot be read (${what} is missing or cut off), and nothing is sent without comparing. Put that folder back from a copy, or give the files that Spend Cloud got last: spendcloud baseline PERSONS.csv ROLES.csv --again --by NAME --reason TEXT`;
  return new AppError('unavailable', text, { cause: error });
}

function* lines(path: string): Generator<string> {
  const descriptor = openSync(path, 'r');
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(65_536);
  let text = '';
  try {
    for (let length = readSync(descriptor, buffer); length > 0; length = readSync(descriptor, buffer)) {
      const found = (text + decoder.write(buffer.subarray(0, length))).split('\n');
      text = found.pop() ?? '';
      yield* found;
    }
  } finally {
    closeSync(descriptor);
  }
}
