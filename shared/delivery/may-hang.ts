import { lstatSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Outbox } from './outbox-share.ts';

/**
 * Whether a delivery folder may be on a share whose server can be gone, so that a call into it never returns. Not the one in the data
 * folder, unless something is mounted or linked there. Asks only the data folder's own file system, which is there when this is called.
 */
export function mayHang({ directory, dataDir }: Outbox): boolean {
  const way = relative(dataDir, directory);
  if (way === '' || isAbsolute(way) || way.split(sep)[0] === '..') return true;
  const inside = way.split(sep);
  const folders = inside.map((_, depth) => join(dataDir, ...inside.slice(0, depth + 1)));
  const mounts = mountPoints();
  return folders.some((folder) => mounts.has(folder)) || folders.some(isLink);
}

/** Empty where the system keeps no such list. */
function mountPoints(): Set<string> {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    return new Set(lines.map((line) => unescaped(line.split(' ')[4] ?? '')));
  } catch {
    return new Set();
  }
}

/** A blank, a tab, a line end and a backslash are written there as octal numbers: `\040`. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function isLink(folder: string): boolean {
  try {
    return lstatSync(folder).isSymbolicLink();
  } catch {
    return false; // not there, or not to be looked at: whoever delivers there says so
  }
}
