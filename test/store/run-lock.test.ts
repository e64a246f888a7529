import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runLock } from '../../shared/store/run-lock.ts';
import { temporaryFolder } from '../helpers.ts';
import { asNobody, canBeNobody } from '../nobody.ts';

const modules = ['shared/store/run-lock.ts', 'shared/store/presence.ts'];

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

test.runIf(canBeNobody)('a lock file of another user is no lock for this one: it is named, with the cure', async () => {
  const folder = folderWith('run.lock');
  const code = `runLock(${JSON.stringify(folder)}).take() ? 'took it' : 'is held'`;
  expect(await asNobody(modules, code)).toMatch(
    /^unavailable The lock .*run\.lock cannot be used \(EACCES\); check .*belong to the user who runs the connector$/,
  );
});

test.runIf(canBeNobody).each(['enter', 'enterAlone'])('%s is refused by the same', async (name) => {
  const folder = folderWith('app.lock');
  expect(await asNobody(modules, `typeof ${name}(${JSON.stringify(folder)})`)).toMatch(
    /^unavailable .*app\.lock .*EACCES/,
  );
});

test('a lock file that is none is a failure, and not somebody else who holds it', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'run.lock'), 'no lock of ours '.repeat(100));
  const { take, close } = runLock(folder);
  onTestFinished(close);
  expect(take).toThrow(/run\.lock cannot be used \(SQLITE_NOTADB\)/);
});
