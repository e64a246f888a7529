import { lchownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What root leaves in the data folder belongs to the folder's owner: else a command that an administrator ran as root would lock the service out of its
 * own keys. Only what root owns and has no second name elsewhere is given; where the folder is root's, and on Windows, nothing is.
 */
export function leaveToOwner(dataDir: string): void {
  const owner = otherOwnerOf(dataDir);
  if (!owner) return;
  try {
    for (const { parentPath, name } of readdirSync(dataDir, { recursive: true, withFileTypes: true }))
      giveTo(owner, join(parentPath, name));
  } catch {
    // a file system that knows no owners, or a file that went meanwhile: what stays root's is named by whoever cannot read it
  }
}

/** The same for one file that others read at once. */
export function leaveFileToOwner(path: string): void {
  const owner = otherOwnerOf(dirname(path));
  if (owner) giveTo(owner, path);
}

interface Owner {
  uid: number;
  gid: number;
}

function otherOwnerOf(folder: string): Owner | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const owner = statSync(folder, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? owner : undefined;
}

function giveTo({ uid, gid }: Owner, path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false }); // a server that runs meanwhile may have removed it
  if (stat?.uid !== 0) return;
  if (stat.isDirectory() || (stat.isFile() && stat.nlink === 1)) lchownSync(path, uid, gid);
}
