import { mkdirSync } from 'node:fs';
import { installMissing, isRoot } from './debian.ts';

/** What the tests run besides Node. Add to this list what a new test needs. */
installMissing([
  { command: 'sshd', package: 'openssh-server' },
  { command: 'ssh-keygen', package: 'openssh-client' },
  { command: 'mount', package: 'mount' },
  { command: 'bindfs', package: 'bindfs' },
  { command: 'sqlite3', package: 'sqlite3' },
  { command: 'curl', package: 'curl' },
  { command: 'chromium', package: 'chromium' },
  { command: 'systemd-analyze', package: 'systemd' },
]);
if (isRoot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }); // where sshd drops its privileges
if (!isRoot) console.warn('Not root: the tests with a full or a read-only disk will be reported as skipped.');
