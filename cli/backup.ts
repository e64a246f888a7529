import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { known, localBackups } from '../shared/backup/ageing.ts';
import { blobBackups, type BlobBackups } from '../shared/backup/blobs.ts';
import { makeBackup, writeTo, type Backup } from '../shared/backup/make-backup.ts';
import { restore } from '../shared/backup/restore.ts';
import type { WrittenBackup } from '../shared/backup/write-backup.ts';
import { loadConfig, type Config } from '../shared/config.ts';
import type { Decider } from '../shared/domain/run.ts';
import { AppError } from '../shared/errors.ts';
import { inWords } from '../shared/export/pair.ts';
import { silent, type Log } from '../shared/log.ts';
import { erasuresFile } from '../shared/backup/erasure-list.ts';
import { readFact } from '../shared/store/inspect.ts';
import { databasePath } from '../shared/store/open.ts';
import { leaveToOwner } from '../shared/store/ownership.ts';
import { isSteady } from '../shared/steady-clock.ts';
import { withProgressBar } from './progress-bar.ts';

/** Makes a backup of the database as it is, also of one of an earlier release: where the daily ones lie and in the container, or only in a file. */
export async function backUp(file: string | undefined, { json }: { json: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const path = databasePath(config.dataDir);
  if (!existsSync(path)) throw new AppError('not-found', `There is no database ${path}; check DATA_DIR`);
  const place = {
    databasePath: path,
    folder: folderOf(config),
    backupDays: config.policy.retention.backupDays,
    erasures: erasuresFile(config.dataDir),
    blobs: config.backup && blobBackups(config.backup),
    mayRemove: () => isSteady({ get: (name) => readFact(path, name) }, new Date()),
    now: () => new Date(),
  };
  const made: WrittenBackup & Partial<Backup> = await withProgressBar((progress) =>
    file === undefined ? makeBackup(place, progress) : writeTo(path, resolve(file), progress),
  ).finally(() => leaveToOwner(config.dataDir));
  if (json) return void process.stdout.write(`${JSON.stringify(made)}\n`);
  process.stdout.write(`Made ${made.file} (${made.bytes} bytes, ${made.databaseBytes} as a database).\n`);
  if (made.blob) process.stdout.write(`It is in the container, too: ${made.blob}\n`);
  for (const name of made.removed ?? []) process.stdout.write(`Removed ${name}, which was past its days.\n`);
}

/** The backups that lie here and in the container, newest first. */
export async function listBackups({ json }: { json: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const here = await localBackups(folderOf(config));
  const inContainer = config.backup ? known((await blobBackups(config.backup).list()).map(({ name }) => name)) : null;
  if (json) return void process.stdout.write(`${JSON.stringify({ here, inContainer })}\n`);
  for (const { name } of here) process.stdout.write(`${join(folderOf(config), name)}\n`);
  for (const { name } of inContainer ?? []) process.stdout.write(`--from-blob ${name}\n`);
}

export interface RestoreOptions extends Decider {
  fromBlob: boolean;
  forgetErased: boolean;
  json: boolean;
}

/** Puts a backup in the place of the database. */
export async function restoreBackup(
  file: string,
  { fromBlob, forgetErased, json, by, reason }: RestoreOptions,
): Promise<void> {
  const config = loadConfig(process.env);
  const order = {
    dataDir: config.dataDir,
    file: fromBlob ? file : resolve(file),
    fromBlob,
    blobs: fromBlob ? containerOf(config) : config.backup && blobBackups(config.backup),
    decider: { by, reason },
    forgetErased,
    now: new Date(),
    log: { ...silent, warn: (_facts, message) => process.stderr.write(`${message}\n`) } satisfies Log,
  };
  const done = await withProgressBar((progress) => restore(order, progress));
  if (json) return void process.stdout.write(`${JSON.stringify(done)}\n`);
  const { accounts, trail, replaced, baseline, keyFault } = done;
  process.stdout.write(
    [
      `Restored: ${accounts} living account(s); the trail of the backup ends at entry ${trail.entry}.`,
      replaced === null ? 'There was no database before.' : `The replaced database is kept as ${replaced}.`,
      ...(done.erasedAgain > 0 ? [`${done.erasedAgain} person(s) who had been erased since were erased again.`] : []),
      ...(keyFault === null ? [] : [`${keyFault}.`]),
      baseline === null
        ? 'No delivered pair is left to compare the next dump with.'
        : `The next dump is compared with the pair of ${inWords(baseline)}.`,
      'The next delivery will be held until somebody releases it. First let HelloID create again whom it created since the backup:',
      'see docs/backup-and-restore.md.',
      '',
    ].join('\n'),
  );
}

function containerOf({ backup }: Config): BlobBackups {
  if (backup) return blobBackups(backup);
  throw new AppError(
    'invalid-settings',
    '--from-blob needs BACKUP_BLOB_CONNECTION, the connection string of the storage account',
  );
}

function folderOf({ dataDir }: Config): string {
  return join(dataDir, 'backups');
}
