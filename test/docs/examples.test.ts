import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers.ts';
import { page } from './page.ts';

test('systemd knows every line of docs/examples/spendcloud.service', () => {
  // The program and its user are not on this machine; what is verified is everything else.
  const here = page('docs/examples/spendcloud.service')
    .replace('/usr/bin/node', process.execPath)
    .replaceAll(/^(User|Group)=.*\n/gm, '');
  expect(verify(here)).toBe('');
  expect(verify(here.replace('ProtectHome=', 'ProtectHouse='))).toContain('ProtectHouse');
});

/** What `systemd-analyze verify` has to say about a unit; nothing has to be booted for it. */
function verify(unit: string): string {
  const file = join(temporaryFolder(), 'spendcloud.service');
  writeFileSync(file, unit);
  return execFileSync('bash', ['-c', 'systemd-analyze verify "$0" 2>&1 || echo "exit code $?"', file], {
    encoding: 'utf8',
  });
}
