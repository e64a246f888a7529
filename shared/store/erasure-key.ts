import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import type { Connection } from './open.ts';

/**
 * Digests by which an erased person's username, number and reference are known again, but not found out: keyed by `erasure.key`, which lies
 * beside the database and in no backup of it. Without the key they mean nothing to anybody, so whatever must be compared with them is refused.
 */
export interface ErasureKey {
  /** To compare with what is stored. Throws `unavailable` where the key is missing or is not the one that the stored digests were made with. */
  digestOf(text: string): string;
  /** Throws what `digestOf` would. */
  expect(): void;
  /** To be stored, in the transaction that this is called in. Makes the key, unless digests of an earlier one are stored. */
  digestToStore(text: string): string;
  /** Why digests that are stored cannot be compared; undefined when they can, or when there are none. */
  fault(): string | undefined;
  /** Gives up what is stored, because its key is lost; call it inside a transaction. The next digest makes a key where none lies there. */
  forget(): void;
}

export function erasureKey(folder: string, writing: Connection): ErasureKey {
  const path = join(folder, 'erasure.key');
  const mark = writing.prepare<[], string>("SELECT value FROM facts WHERE name = 'erasure-key'").pluck();
  const setMark = writing.prepare("INSERT INTO facts (name, value) VALUES ('erasure-key', ?)");
  const anyStored = writing
    .prepare<[], 1>('SELECT 1 FROM erased_references UNION ALL SELECT 1 FROM erased_usernames LIMIT 1')
    .pluck();
  let known: Buffer | undefined;

  function expect(): Buffer {
    return (known = known && fits(known) ? known : find());
  }

  function digestOf(text: string): string {
    return keyed(expect(), text);
  }

  function digestToStore(text: string): string {
    if (mark.get() === undefined) {
      if (anyStored.get() === undefined) known = read(path) ?? make(path);
      setMark.run(markOf(expect())); // digests of an earlier release have no mark
    }
    return digestOf(text);
  }

  function fault(): string | undefined {
    if (mark.get() === undefined && anyStored.get() === undefined) return undefined;
    try {
      find();
      return undefined;
    } catch (error) {
      if (error instanceof AppError) return error.message;
      throw error;
    }
  }

  function find(): Buffer {
    const found = read(path);
    if (!found) throw unknownAgain(`${path} is missing`);
    if (!fits(found)) throw unknownAgain(`${path} is the key of another installation`);
    return found;
  }

  function fits(key: Buffer): boolean {
    const noted = mark.get();
    return noted === undefined || noted === markOf(key);
  }

  function forget(): void {
    writing.exec(
      "DELETE FROM erased_usernames; DELETE FROM erased_references; DELETE FROM accepted_also; DELETE FROM facts WHERE name = 'erasure-key'",
    );
    known = undefined;
  }

  return { digestOf, expect, digestToStore, fault, forget };
}

/** By which a key is known again. */
function markOf(key: Buffer): string {
  return keyed(key, 'erasure.key');
}

function keyed(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

function unknownAgain(why: string): AppError {
  return new AppError(
    'unavailable',
    `${why}, so usernames and references of persons erased before are not known again, and might be given to others. ` +
      'Put the right file back; if it is lost for good: spendcloud person forget-erased --by NAME --reason TEXT (in a restore: --forget-erased)',
  );
}

function read(path: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw unknownAgain(`${path} cannot be read (${code})`);
  }
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw unknownAgain(`${path} is not a key that was made here`);
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
