import { readFileSync } from 'node:fs';
import ssh2 from 'ssh2';
import { newKeyPair } from '../../demo/sftp-server.ts';

export const fingerprint = `SHA256:${'A'.repeat(43)}`;

/** All that SFTP needs but the login. */
export const sftp = { SFTP_HOST: 'sftp.example.nl', SFTP_USERNAME: 'spendcloud', SFTP_HOST_KEY: fingerprint };

// not ssh2's ed25519 pairs: about one in 256 of them cannot be read again (mscdex/ssh2 #1390)
export const openKey = newKeyPair().privateKey;

/** Its passphrase is "Sesam open u". */
export const lockedKey = ssh2.utils.generateKeyPairSync('rsa', {
  bits: 2048,
  passphrase: 'Sesam open u',
  cipher: 'aes256-ctr',
  rounds: 16,
}).private;

/** A pair for localhost, made for the tests. */
export function pem(name: 'cert' | 'key'): string {
  return readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');
}
