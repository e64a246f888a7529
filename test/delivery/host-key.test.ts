import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readHostKeys } from '../../shared/delivery/host-key.ts';
import { temporaryFolder } from './shipment.ts';

/** A key of OpenSSH's own making, with the fingerprint OpenSSH gives it. */
function aKey(type: string, bits = '256'): { line: string; fingerprint: string; privateKey: string } {
  const file = join(temporaryFolder(), 'key');
  execFileSync('ssh-keygen', ['-q', '-t', type, '-b', bits, '-N', '', '-C', 'a comment', '-f', file]);
  const shown = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' });
  return {
    line: readFileSync(`${file}.pub`, 'utf8').trim(),
    fingerprint: shown.split(' ')[1] ?? '',
    privateKey: readFileSync(file, 'utf8'),
  };
}

test.each(['ed25519', 'ecdsa', 'rsa'])(
  'a public key line of type %s gives the fingerprint that OpenSSH shows',
  (type) => {
    const key = aKey(type, type === 'rsa' ? '2048' : '256');
    expect(readHostKeys(key.line)).toEqual([key.fingerprint]);
  },
);

test('fingerprints, public keys and known_hosts lines may be mixed, with commas or line ends between them', () => {
  const [a, b, c] = [aKey('ed25519'), aKey('ecdsa'), aKey('ed25519')];
  const known = `# sftp.example:22 SSH-2.0, a comment\nsftp.example,192.0.2.1,[2001:db8::1]:2222 ${b.line}\n|1|c2FsdA=|aGFzaA= ${c.line}\n`;

  expect(readHostKeys(`${a.fingerprint}, ${b.line},${c.fingerprint}`)).toEqual([
    a.fingerprint,
    b.fingerprint,
    c.fingerprint,
  ]);
  expect(readHostKeys(known)).toEqual([b.fingerprint, c.fingerprint]);
  expect(readHostKeys(`256 ${a.fingerprint} root@sftp (ED25519)`)).toEqual([a.fingerprint]);
});

test.each([
  ['', 'holds no host key'],
  ['SHA256:abc', 'item 1 of 1 is not a whole fingerprint'],
  [`SHA256:${'a'.repeat(43)},hunter2`, 'item 2 of 2 is neither'],
  [`sftp.example,SHA256:${'a'.repeat(43)}`, 'item 1 of 2 is neither'],
  ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI', 'item 1 of 1 is not a whole ssh-ed25519 key'],
  ['ssh-ed25519', 'item 1 of 1 is'],
  [`MD5:${'0a:'.repeat(15)}0a`, 'item 1 of 1 is an MD5 fingerprint'],
  ['@revoked sftp.example ssh-ed25519 AAAA', 'item 1 of 1 carries the mark @revoked'],
])('%j is refused, and the item that is wrong is named', (text, message) => {
  expect(() => readHostKeys(text)).toThrow(message);
});

test('a private key in the wrong setting is refused without showing any of it', () => {
  const { privateKey } = aKey('ed25519');
  expect(() => readHostKeys(privateKey)).toThrow(/is a private key; the server's public key belongs here$/);
});
