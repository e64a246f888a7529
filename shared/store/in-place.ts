import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import { unsafeFileSystem } from './file-system.ts';

/**
 * Remembers which file lies at a path, and throws once it is another one or none. SQLite would go on writing into a file that was removed, and every
 * action would be answered with a success that nobody finds again.
 */
export function inPlace(path: string): () => void {
  const opened = identity(path);
  const isSure = unsafeFileSystem(dirname(path)) === undefined; // a share may give a file another number at each look
  return () => {
    const found = identity(path);
    if (found !== undefined && (found === opened || !isSure)) return;
    throw new AppError(
      'unavailable',
      `The database ${path} was ${found === undefined ? 'removed' : 'replaced by another file'} while the connector works with it; nothing is recorded any more. ` +
        'Stop the connector, put the file back or restore a backup, then start it again',
    );
  };
}

function identity(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}
