import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newKeyPair } from '../demo/sftp-server.ts';
import { scopes } from '../shared/keys.ts';

/** The user of the image, who alone may read what is made here. */
export const imageUser = 1000;

/** A key of the connector for each scope that has none yet. */
export function makeKeys(secrets: string): string[] {
  const missing = scopes.filter((scope) => !existsSync(join(secrets, `${scope}-key`)));
  for (const scope of missing) keep(secrets, `${scope}-key`, `sc_${scope}_${randomBytes(32).toString('base64url')}\n`);
  return missing.map((scope) => `${scope}-key`);
}

/**
 * The host key of the SFTP server and the login for it, each made once: the server's halves in its own `/config` folder, where its
 * image looks for them, the connector's halves among the secrets. So the host key is pinned without trusting a first connection.
 */
export function introduceSftp(secrets: string, sftp: string): string[] {
  const made: string[] = [];
  const hostKeys = join(sftp, 'ssh_host_keys');
  mkdirSync(hostKeys, { recursive: true });
  if (!existsSync(join(hostKeys, 'ssh_host_ecdsa_key'))) {
    const host = newKeyPair();
    keep(hostKeys, 'ssh_host_ecdsa_key.pub', `${host.publicKey}\n`, 0o644);
    keep(hostKeys, 'ssh_host_ecdsa_key', host.privateKey, 0o600);
  }
  if (!existsSync(join(secrets, 'trial-sftp-private-key')) || !existsSync(join(sftp, 'login.pub'))) {
    const login = newKeyPair();
    keep(sftp, 'login.pub', `${login.publicKey}\n`, 0o644);
    keep(secrets, 'trial-sftp-private-key', login.privateKey);
    made.push('trial-sftp-private-key');
  }
  keep(secrets, 'trial-sftp-host-key', readFileSync(join(hostKeys, 'ssh_host_ecdsa_key.pub'), 'utf8'));
  return made;
}

/** Puts a file in place whole or not at all, for the image's user only. */
export function keep(folder: string, name: string, text: string | Buffer, mode = 0o400): void {
  const temporary = join(folder, `.${name}.partial`);
  writeFileSync(temporary, text, { mode: 0o600, flush: true });
  chmodSync(temporary, mode);
  chownSync(temporary, imageUser, imageUser);
  renameSync(temporary, join(folder, name));
}
