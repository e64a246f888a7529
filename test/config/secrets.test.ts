import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../shared/config.ts';
import { temporaryFolder } from '../folder.ts';
import { fingerprint, openKey, sftp } from './examples.ts';
import { faultsOf } from './faults.ts';

const key = (letter: string) => letter.repeat(20);

describe('a secret in a file', () => {
  test('is read without the line end behind it', () => {
    const folder = temporaryFolder({
      agent: `${key('a')}\n`,
      password: ' geheim \r\n',
      key: openKey.trim(),
      connection: '\ufeffUseDevelopmentStorage=true\n',
      webhook: 'http://127.0.0.1:9/hook\n',
      smtp: 'smtp://127.0.0.1\n',
    });
    const config = loadConfig(
      {
        ...sftp,
        AGENT_KEY_FILE: 'agent',
        SFTP_PASSWORD_FILE: join(folder, 'password'),
        SFTP_PRIVATE_KEY_FILE: 'key',
        BACKUP_BLOB_CONNECTION_FILE: 'connection',
        NOTIFY_WEBHOOK_URL_FILE: 'webhook',
        SMTP_URL_FILE: 'smtp',
        NOTIFY_EMAIL: 'beheer@example.nl',
      },
      folder,
    );
    expect(config.keys).toEqual([{ scope: 'agent', name: 'AGENT_KEY', key: key('a') }]);
    expect(config.delivery).toMatchObject({ password: ' geheim ', privateKey: openKey });
    expect(config.backup).toEqual({ connection: 'UseDevelopmentStorage=true', container: 'spendcloud-backups' });
    expect(config.notify).toMatchObject({ webhookUrl: 'http://127.0.0.1:9/hook', smtpUrl: 'smtp://127.0.0.1' });
  });

  test('is a fault of X_FILE when it is missing, empty, a folder or no text', () => {
    const folder = temporaryFolder({ empty: ' \n', bytes: Buffer.from([0xe9, 0x0a]) });
    const env = {
      AGENT_KEY_FILE: 'gone',
      VIEWER_KEY_FILE: 'empty',
      OPERATOR_KEY_FILE: 'bytes',
      DELIVERY: 'folder',
      SFTP_PASSWORD_FILE: '.',
    };
    expect(faultsOf(env, folder)).toEqual([
      `AGENT_KEY_FILE: there is no file ${join(folder, 'gone')}, expected a file with the secret`,
      `VIEWER_KEY_FILE: the file ${join(folder, 'empty')} is empty, expected the secret in it`,
      `OPERATOR_KEY_FILE: the file ${join(folder, 'bytes')} is not UTF-8 text, expected a file with the secret`,
      `SFTP_PASSWORD_FILE: found a folder at ${folder}, expected a file with the secret`,
    ]);
  });

  test('may be the host key as well, which is none', () => {
    const folder = temporaryFolder({ 'known-hosts': `# of the provider\n${fingerprint}\n` });
    const env = { ...sftp, SFTP_HOST_KEY: '', SFTP_HOST_KEY_FILE: 'known-hosts', SFTP_PASSWORD: 'x' };
    expect(loadConfig(env, folder).delivery).toMatchObject({ hostKeys: [fingerprint] });
    expect(faultsOf({ ...env, SFTP_HOST_KEY_FILE: 'gone' }, folder)).toEqual([
      `SFTP_HOST_KEY_FILE: there is no file ${join(folder, 'gone')}, expected a file with the host key`,
    ]);
  });

  test('and the secret itself are one too many', () => {
    const folder = temporaryFolder({ agent: key('b') });
    expect(faultsOf({ AGENT_KEY: key('a'), AGENT_KEY_FILE: 'agent' }, folder)).toEqual([
      'AGENT_KEY: found together with AGENT_KEY_FILE, expected one of the two',
    ]);
  });
});
