import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { unsafeFileSystem } from '../store/file-system.ts';
import { openToOthers } from '../store/private-folder.ts';
import { failed, notTried, ok, sayingOf, warning, type Step } from './step.ts';

const mebibyte = 1024 * 1024;
const leastRoom = 64 * mebibyte;
const easyRoom = 512 * mebibyte;

/** Rights, room and file system of DATA_DIR; makes nothing that stays. */
export function checkDataFolder(dataDir: string): Step[] {
  const folder = nearest(dataDir);
  const closed = lookInto(folder);
  if (closed) return [closed];
  const steps = [writable(dataDir, folder), room(dataDir, folder), fileSystem(folder)];
  if (process.platform === 'win32') return [...steps, privacyOnWindows()];
  return [...steps, ...privacySteps(dataDir)];
}

/** The connector closes what is inside at each start; the folder itself is the administrator's, and what others own in it cannot be closed. */
function privacySteps(dataDir: string): Step[] {
  const name = 'data folder: privacy';
  if (!existsSync(dataDir)) return [];
  const inside = openToOthers(dataDir);
  if (inside.length > 0) {
    const says = `Other users of this machine may read ${inside.join(', ')}: personal data, keys, or locks that they could hold`;
    return [warning(name, `${says}. Run: chmod go= on each in ${dataDir}`)];
  }
  const mode = statSync(dataDir).mode & 0o077;
  if (mode === 0) return [];
  const may = (mode & 0o022) === 0 ? 'look into' : 'put files of their own into';
  return [warning(name, `Other users of this machine may ${may} ${dataDir}. Run: chmod 700 ${dataDir}`)];
}

/** The folder itself, or the one in which the first start makes it. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

/** Where that is forbidden, nothing more can be told of the folder. */
function lookInto(folder: string): Step | undefined {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const says = `${folder} may not be looked into (${sayingOf(error)}). Give this user the right, or set DATA_DIR`;
    return failed('data folder: rights', says);
  }
}

function writable(dataDir: string, folder: string): Step {
  const name = 'data folder: rights';
  const probe = join(folder, `.spendcloud-doctor.${process.pid}`);
  try {
    const descriptor = openSync(`${probe}.partial`, 'wx', 0o600);
    try {
      writeSync(descriptor, 'may be removed');
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(`${probe}.partial`, probe);
  } catch (error) {
    return failed(
      name,
      `Nothing can be written to ${folder} (${sayingOf(error)}). Give this user the right, or set DATA_DIR`,
    );
  } finally {
    for (const path of [probe, `${probe}.partial`]) rmSync(path, { force: true });
  }
  return ok(name, folder === dataDir ? `${dataDir} can be written` : `${dataDir} is not there yet and can be made`);
}

function room(dataDir: string, folder: string): Step {
  const name = 'data folder: room';
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const database = statSync(join(dataDir, 'spendcloud.db'), { throwIfNoEntry: false })?.size ?? 0;
  const says = `${Math.floor(free / mebibyte)} MiB free, the database has ${Math.ceil(database / mebibyte)} MiB`;
  if (free < leastRoom) return failed(name, `${says}. Make room: without it nothing HelloID sends can be kept`);
  if (free < easyRoom || free < 2 * database) return warning(name, `${says}. Make room for archive and backups`);
  return ok(name, says);
}

function fileSystem(folder: string): Step {
  const name = 'data folder: file system';
  const unsafe = unsafeFileSystem(folder);
  if (unsafe === undefined) return ok(name, 'fit for a database');
  return warning(
    name,
    `${unsafe}: shares of this kind can corrupt SQLite files. Move DATA_DIR to a local disk or a named Docker volume`,
  );
}

/** Rights are no mode bits there; what a file may be read by comes from its folder. */
export function privacyOnWindows(): Step {
  return notTried(
    'data folder: privacy',
    'Windows gives files the rights of their folder. See with icacls that only the account of the connector and administrators can read it',
  );
}
