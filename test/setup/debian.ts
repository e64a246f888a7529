import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A command, and the Debian package that holds it. */
export interface Need {
  command: string;
  package: string;
}

export const isRoot = process.getuid?.() === 0;

/** Installs what is missing when it may, else names it and ends the process. */
export function installMissing(needs: readonly Need[]): void {
  const missing = needs.filter(({ command }) => !isInstalled(command));
  if (missing.length > 0) install(missing.map((need) => need.package));
}

function isInstalled(command: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function install(packages: string[]): void {
  const names = packages.join(' ');
  if (!isRoot || !isInstalled('apt-get')) {
    console.error(
      `The tests need ${names} (names as in Debian). Install, then run them again: apt-get install ${names}`,
    );
    process.exit(1);
  }
  console.log(`Installing what the tests need: ${names}`);
  aptGet('update');
  aptGet('install', '--yes', '--no-install-recommends', ...packages);
}

function aptGet(...words: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr, error } = spawnSync('apt-get', ['-qq', ...words], { env, encoding: 'utf8' });
  if (status === 0) return;
  console.error(`apt-get ${words[0] ?? ''} failed: ${error?.message ?? stderr}`);
  process.exit(1);
}
