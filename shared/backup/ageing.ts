import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobBackups } from './blobs.ts';
import { ageingTime, backupTime } from './names.ts';

const dayMilliseconds = 86_400_000;

/** A backup that lies here or in the container. */
export interface KnownBackup {
  name: string;
  at: Date;
}

/** The complete backups of a folder, newest first. */
export async function localBackups(folder: string): Promise<KnownBackup[]> {
  return known(await readdir(folder).catch(() => []));
}

/** The same with the size of each in bytes. */
export async function sizedBackups(folder: string): Promise<(KnownBackup & { bytes: number })[]> {
  const found = await localBackups(folder);
  const sized = found.map(async (backup) => {
    const bytes = await stat(join(folder, backup.name)).then(
      ({ size }) => size,
      () => null,
    ); // aged meanwhile
    return bytes === null ? [] : [{ ...backup, bytes }];
  });
  return (await Promise.all(sized)).flat();
}

/** Of any names, those of complete backups, newest first. */
export function known(names: readonly string[]): KnownBackup[] {
  return names
    .flatMap((name) => {
      const at = backupTime(name);
      return at ? [{ name, at }] : [];
    })
    .sort((some, other) => other.at.getTime() - some.at.getTime());
}

/** Removes what is past its days, also replaced databases and what was left unfinished a day ago; never the newest backup. Gives the names. */
export async function removeOld(folder: string, days: number, now: Date): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const newest = known(names)[0]?.name;
  const old = names.filter((name) => {
    const at = ageingTime(name);
    return at !== undefined && name !== newest && isPast(at, name.startsWith('.') ? 1 : days, now);
  });
  for (const name of old) await rm(join(folder, name), { force: true });
  return old;
}

/** The same in the container. */
export async function removeOldBlobs(blobs: BlobBackups, days: number, now: Date): Promise<string[]> {
  const [, ...others] = known((await blobs.list()).map(({ name }) => name));
  const old = others.filter(({ at }) => isPast(at, days, now)).map(({ name }) => name);
  for (const name of old) await blobs.remove(name);
  return old;
}

function isPast(at: Date, days: number, now: Date): boolean {
  return now.getTime() - at.getTime() > days * dayMilliseconds;
}
