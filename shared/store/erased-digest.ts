import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors.ts';

/**
 * Digests by which an erased person's username, number and reference are known again, but not found out: keyed by `erasure.key`, which lies
 * beside the database and in no backup of it. Without the key they mean nothing to anybody.
 */
export function erasedDigest(folder: string): (text: string) => string {
  let key: Buffer | undefined;
  return (text) =>
    createHmac('sha256', (key ??= readOrMake(join(folder, 'erasure.key'))))
      .update(text)
      .digest('hex');
}

export function hasErasureKey(folder: string): boolean {
  return existsSync(join(folder, 'erasure.key'));
}

/** What to say where digests are there and their key is not. */
export const lostKey =
  'DATA_DIR/erasure.key is missing, so the usernames of persons erased before are not known again, and may be given to others; put it back if it was kept';

function readOrMake(path: string): Buffer {
  return read(path) ?? make(path);
}

function read(path: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw new AppError('unavailable', `${path} is not a key that was made here; put the right file back, or remove it`);
}

/** Where two processes make one at the same time, the first counts. */
function make(path: string): Buffer {
  const temporary = `${path}.${process.pid}.partial`;
  writeFileSync(temporary, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  const key = read(path);
  if (!key) throw new AppError('unavailable', `${path} was removed at the moment it was made; try again`);
  return key;
}
