import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../..', import.meta.url));

export interface BuiltApp {
  folder: string;
  remove(): void;
}

/** A folder as it is published: the build made from the present sources, package.json, host.json and the installed packages. */
export function buildApp(): BuiltApp {
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-app-'));
  const options = ['-p', join(project, 'tsconfig.build.json'), '--outDir', join(folder, 'dist'), '--noCheck'];
  execFileSync(process.execPath, [
    join(project, 'node_modules/typescript/bin/tsc'),
    ...options,
    '--incremental',
    'false',
  ]);
  cpSync(join(project, 'dist', 'dashboard'), join(folder, 'dist', 'dashboard'), { recursive: true }); // made before the tests
  for (const name of ['package.json', 'host.json']) cpSync(join(project, name), join(folder, name));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
