import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runLock } from '../../shared/store/run-lock.ts';
import { temporaryFolder } from '../helpers.ts';

const nobody = 65_534;
const asOther = process.getuid?.() === 0;

/** Runs a line of code with the lock's module in a process of another user; gives what it printed. */
async function asNobody(code: string): Promise<string> {
  const of = (name: string) => JSON.stringify(new URL(`../../shared/store/${name}.ts`, import.meta.url).href);
  const script = `
    const [{ runLock }, { enterAlone, enter }] = [await import(${of('run-lock')}), await import(${of('presence')})];
    process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody});
    try { console.log(${code}); } catch ({ code, message }) { console.log(code, message); }`;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
  return stdout.trim();
}

/** A folder that anybody can write to, with a lock file of this user in it. */
function folderWith(name: string): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o777);
  writeFileSync(join(folder, name), '', { mode: 0o644 });
  return folder;
}

test('one at a time has the lock', () => {
  const folder = temporaryFolder();
  const [one, other] = [runLock(folder), runLock(folder)];
  onTestFinished(() => [one, other].forEach(({ close }) => close()));
  const release = one.take();
  expect(other.take()).toBeUndefined();
  release?.();
  expect(other.take()).toBeTypeOf('function');
});

test.runIf(asOther)('a lock file of another user is no lock for this one: it is named, with the cure', async () => {
  const folder = folderWith('run.lock');
  const code = `runLock(${JSON.stringify(folder)}).take() ? 'took it' : 'is held'`;
  expect(await asNobody(code)).toMatch(
    /^unavailable The lock .*run\.lock cannot be used \(EACCES\); check .*belong to the user who runs the connector$/,
  );
});

test.runIf(asOther).each(['enter', 'enterAlone'])('%s is refused by the same', async (name) => {
  const folder = folderWith('app.lock');
  expect(await asNobody(`typeof ${name}(${JSON.stringify(folder)})`)).toMatch(/^unavailable .*app\.lock .*EACCES/);
});

test('a lock file that is none is a failure, and not somebody else who holds it', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'run.lock'), 'no lock of ours '.repeat(100));
  const { take, close } = runLock(folder);
  onTestFinished(close);
  expect(take).toThrow(/run\.lock cannot be used \(SQLITE_NOTADB\)/);
});
