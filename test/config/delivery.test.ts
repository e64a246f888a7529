import { join } from 'node:path';
import { newKeyPair } from '../../demo/sftp-server.ts';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../shared/config.ts';
import { temporaryFolder } from '../folder.ts';
import { fingerprint, lockedKey, openKey, sftp } from './examples.ts';
import { faultsOf } from './faults.ts';

describe('the destination', () => {
  test('is an SFTP server as soon as one is named, on port 22 and in the folder of the login', () => {
    expect(loadConfig({ ...sftp, SFTP_PASSWORD: 'x' }, temporaryFolder()).delivery).toStrictEqual({
      kind: 'sftp',
      host: 'sftp.example.nl',
      port: 22,
      username: 'spendcloud',
      directory: '.',
      hostKeys: [fingerprint],
      password: 'x',
    });
  });

  test('is a folder all the same when DELIVERY says so', () => {
    const folder = temporaryFolder();
    const { delivery } = loadConfig({ ...sftp, DELIVERY: 'folder', OUTBOX_DIR: '../out' }, folder);
    expect(delivery).toStrictEqual({ kind: 'folder', directory: join(folder, '../out') });
  });

  test.for<[Record<string, string>, string]>([
    [{ SFTP_USERNAME: 'spendcloud', SFTP_HOST_KEY: fingerprint }, 'SFTP_USERNAME, SFTP_HOST_KEY are'],
    [{ SFTP_HOST: ' ', SFTP_PASSWORD: 'x' }, 'SFTP_PASSWORD is'],
    [{ SFTP_HOST_KEY_FILE: 'known-hosts' }, 'SFTP_HOST_KEY is'],
  ])('is never a folder because the host of a login was forgotten: %o', ([env, set]) => {
    const folder = temporaryFolder({ 'known-hosts': fingerprint });
    expect(faultsOf(env, folder)).toEqual([
      `SFTP_HOST: found nothing, expected the name or address of a host because ${set} set; or say DELIVERY=folder`,
    ]);
    expect(faultsOf({ ...env, DELIVERY: 'folder' }, folder)).toEqual([]);
  });

  test('needs a host, a login and a host key when it is SFTP', () => {
    expect(faultsOf({ DELIVERY: 'sftp' })).toEqual([
      'SFTP_PASSWORD: found nothing, expected this or SFTP_PRIVATE_KEY',
      'SFTP_HOST: found nothing, expected the name or address of a host, without protocol or port',
      'SFTP_USERNAME: found nothing, expected the name to log in with',
      'SFTP_HOST_KEY: found nothing, expected SHA256:… fingerprints or public key lines of the server',
    ]);
  });
});

describe('the private key for SFTP', () => {
  test('may stand on one line', () => {
    const config = loadConfig({ ...sftp, SFTP_PRIVATE_KEY: openKey.replaceAll('\n', '\\n') }, temporaryFolder());
    expect(config.delivery).toMatchObject({ privateKey: openKey });
  });

  const expected = 'expected a private key in the form of OpenSSH, PEM (RSA or EC) or PuTTY 2';
  test.for<[string, Record<string, string>, string]>([
    ['some text', { SFTP_PRIVATE_KEY: 'hunter2' }, `SFTP_PRIVATE_KEY: found something else, ${expected}`],
    ['a public key', { SFTP_PRIVATE_KEY: newKeyPair().publicKey }, `SFTP_PRIVATE_KEY: found a public key, ${expected}`],
    [
      'a locked key without its passphrase',
      { SFTP_PRIVATE_KEY: lockedKey },
      'SFTP_PASSPHRASE: found nothing, expected the passphrase of SFTP_PRIVATE_KEY',
    ],
    [
      'a locked key with another passphrase',
      { SFTP_PRIVATE_KEY: lockedKey, SFTP_PASSPHRASE: 'Sesam open mij' },
      'SFTP_PASSPHRASE: does not open SFTP_PRIVATE_KEY, expected its passphrase',
    ],
  ])('is refused as %s', ([, env, fault]) => {
    expect(faultsOf({ ...sftp, ...env })).toEqual([fault]);
  });
});
