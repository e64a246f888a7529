import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const hierarchies = '/sys/fs/cgroup';

/** Removes the control groups under this name, the one thing of a daemon that no namespace takes along; its processes may be just ending. */
export async function removeControlGroups(name: string): Promise<void> {
  // version 2 has one tree, version 1 a tree for each controller
  for (const tree of [hierarchies, ...foldersIn(hierarchies)]) await removeTree(join(tree, name));
}

async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const inner of foldersIn(folder)) await removeTree(inner);
  for (let tries = 100; ; tries -= 1) {
    try {
      rmdirSync(folder); // what looks like files in it goes along
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || tries === 0) throw error;
      await wait(100);
    }
  }
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}
