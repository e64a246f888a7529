import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import { readHostKeys } from '../../shared/delivery/host-key.ts';

const aKey = (type: 'ed25519' | 'ecdsa') =>
  ssh2.utils.generateKeyPairSync(type, type === 'ecdsa' ? { bits: 256 } : {}).public.trim();
const fingerprintOf = (line: string) =>
  `SHA256:${createHash('sha256')
    .update(Buffer.from(line.split(' ')[1] ?? '', 'base64'))
    .digest('base64')
    .replace('=', '')}`;

const ed25519 = aKey('ed25519');
const ecdsa = aKey('ecdsa');
const fingerprints = [fingerprintOf(ed25519), fingerprintOf(ecdsa)];

test.each([
  ['fingerprints', fingerprints.join(',')],
  ['fingerprints with spaces, padding and a comma too many', ` ${fingerprints.join('= , ')},`],
  ['public key lines', `${ed25519}\n${ecdsa} root@host\n`],
  ['public keys on one line', `${ed25519} root@host,${ecdsa}`],
  ['a fingerprint and a public key', `${fingerprintOf(ed25519)},${ecdsa}`],
  ['known_hosts lines', `# sftp:22\r\nsftp.example.nl,192.0.2.7 ${ed25519}\r\n|1|abc=|def= ${ecdsa} note\r\n`],
  ['a key twice', `${ed25519},${fingerprints.join(',')}`],
])('%s give the SHA256 fingerprints', (_, text) => {
  expect(readHostKeys(text)).toEqual(fingerprints);
});

describe('a text is refused with the item that is wrong', () => {
  test.each([
    ['an MD5 fingerprint', `${fingerprintOf(ed25519)},MD5:16:27:ac`, 'item 2 ("MD5:16:27:ac")'],
    ['half a fingerprint', 'SHA256:abc', 'item 1 ("SHA256:abc")'],
    ['a public key that was cut off', ed25519.slice(0, -8), 'is a damaged or cut off public key'],
    ['a public key of another type than it says', ed25519.replace('ssh-ed25519', 'ssh-rsa'), 'is a damaged or cut off'],
    ['a revoked key', `@revoked sftp.example.nl ${ed25519}`, 'item 1 ("@revoked'],
    ['a host name without its key', `${ed25519}\nsftp.example.nl`, 'item 2 ("sftp.example.nl")'],
    ['comments alone', '# nothing', 'there is no host key'],
  ])('%s', (_, text, message) => {
    expect(() => readHostKeys(text)).toThrow(message);
  });
});
