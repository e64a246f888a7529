import { realpathSync, statfsSync } from 'node:fs';

/**
 * File systems on which SQLite's shared-memory index is not to be trusted, by the type number of statfs(2).
 * Network shares lose or fake the locks; desktop shares (9p, virtiofs and the like, all FUSE to the kernel) corrupt a WAL within minutes.
 */
const unsafeForWal = new Map<number, string>([
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x01021997, '9p'],
  [0x65735546, 'fuse'],
  [0x786f4256, 'vboxsf'],
  [0x7c7c6673, 'prl_fs'],
  [0x5346414f, 'afs'],
  [0x00c36400, 'ceph'],
  [0x01161970, 'gfs2'],
  [0x0bd00bd0, 'lustre'],
]);

/** The name of the file system under a folder if SQLite must not use WAL there, else undefined. */
export function unsafeFileSystem(folder: string): string | undefined {
  // Only the real path of a mapped drive (Z:) tells that it is a share.
  if (process.platform === 'win32') return isWindowsShare(realpathSync.native(folder)) ? 'a Windows share' : undefined;
  if (process.platform !== 'linux') return undefined;
  return unsafeForWal.get(statfsSync(folder).type >>> 0);
}

/** Whether an absolute path of Windows leads to another machine: `\\server\share\…`, also as `\\?\UNC\server\share\…`, but not `\\?\C:\…`. */
export function isWindowsShare(path: string): boolean {
  return /^\\\\([?.]\\UNC\\|(?![?.]\\))/i.test(path);
}
