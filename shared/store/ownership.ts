import { closeSync, constants, fstatSync, lchownSync, lstatSync, openSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * What root leaves in the data folder belongs to the folder's owner: else a command that an administrator ran as root would lock the service out of its
 * own keys. Only what root owns and has no second name elsewhere is given; where the folder is root's, and on other systems than Linux, nothing is.
 */
export function leaveToOwner(dataDir: string): void {
  inFolderOfOther(dataDir, giveAll);
}

/** The same for one file that others read at once. */
export function leaveFileToOwner(path: string): void {
  inFolderOfOther(dirname(path), (owner, held) => giveTo(owner, join(held, basename(path))));
}

interface Owner {
  uid: number;
  gid: number;
}

/** Nobody is let down where the system knows no owners or root may not give: what stays root's is named by whoever cannot read it. */
function inFolderOfOther(folder: string, use: (owner: Owner, held: string) => void): void {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return;
  try {
    inHeld(realpathSync(folder), (held, owner) => {
      if (owner.uid !== 0) use(owner, held);
    });
  } catch {
    return;
  }
}

/** Gives the path of an open folder: what its owner puts in the folder's place meanwhile leads nobody elsewhere. Links are not followed. */
function inHeld(folder: string, use: (held: string, owner: Owner) => void): void {
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    use(`/proc/self/fd/${descriptor}`, fstatSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function giveAll(owner: Owner, held: string): void {
  for (const entry of readdirSync(held, { withFileTypes: true })) {
    const path = join(held, entry.name);
    try {
      giveTo(owner, path);
      if (entry.isDirectory()) inHeld(path, (inside) => giveAll(owner, inside));
    } catch {
      // gone meanwhile, or of a file system without owners; the others all the same
    }
  }
}

function giveTo({ uid, gid }: Owner, path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.uid !== 0) return;
  if (stat.isDirectory() || (stat.isFile() && stat.nlink === 1)) lchownSync(path, uid, gid);
}
