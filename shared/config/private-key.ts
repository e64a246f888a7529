import { createRequire } from 'node:module';

export interface PrivateKeyFault {
  setting: 'SFTP_PRIVATE_KEY' | 'SFTP_PASSPHRASE';
  fault: string;
}

/** PEM with the line ends it needs: a setting on one line has them as `\n`. */
export function asPem(text: string): string {
  return `${text.replaceAll('\\n', '\n').replaceAll('\r\n', '\n').trim()}\n`;
}

/** What is wrong with a private key and its passphrase, in the eyes of the library that will use them. */
export function privateKeyFault(pem: string, passphrase: string | undefined): PrivateKeyFault | undefined {
  // Loaded here, because only those who log in with a key should wait for it.
  const { utils } = createRequire(import.meta.url)('ssh2') as typeof import('ssh2');

  const key = utils.parseKey(pem, passphrase);
  if (!(key instanceof Error)) return key.isPrivateKey() ? undefined : notOne('found a public key');
  const withoutPassphrase = utils.parseKey(pem);
  const isEncrypted = withoutPassphrase instanceof Error && withoutPassphrase.message.includes('no passphrase given');
  if (!isEncrypted) return notOne('found something else');
  if (passphrase === undefined)
    return { setting: 'SFTP_PASSPHRASE', fault: 'found nothing, expected the passphrase of SFTP_PRIVATE_KEY' };
  return { setting: 'SFTP_PASSPHRASE', fault: 'does not open SFTP_PRIVATE_KEY, expected its passphrase' };
}

function notOne(found: string): PrivateKeyFault {
  return {
    setting: 'SFTP_PRIVATE_KEY',
    fault: `${found}, expected a private key in the form of OpenSSH, PEM (RSA or EC) or PuTTY 2`,
  };
}
