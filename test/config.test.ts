import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../shared/config.ts';
import { Policy } from '../shared/policy.ts';
import { changedDefaults } from '../shared/policy/changed-defaults.ts';
import { fingerprint, lockedKey, pem, sftp } from './config/examples.ts';
import { faultsOf } from './config/faults.ts';
import { temporaryFolder } from './folder.ts';

const key = (letter: string) => letter.repeat(20);

describe('without any settings', () => {
  test('the defaults are those of the contract', () => {
    const folder = temporaryFolder();
    expect(loadConfig({}, folder)).toStrictEqual({
      dataDir: join(folder, 'data'),
      server: { host: '127.0.0.1', port: 7071, tls: null },
      keys: [],
      delivery: { kind: 'folder', directory: join(folder, 'data', 'outbox') },
      backup: null,
      notify: { webhookUrl: null, smtpUrl: null, email: null },
      logLevel: 'info',
      logAddresses: 'refused',
      trustedProxies: [],
      configFile: null,
      policy: Policy.parse({}),
      unwritten: changedDefaults({}, Policy.parse({})),
    });
  });

  test('empty values and spaces count as absent', () => {
    const folder = temporaryFolder();
    const names = [
      ...['DATA_DIR', 'CONFIG_FILE', 'HOST', 'PORT', 'TLS_CERT_FILE', 'TLS_KEY_FILE', 'AGENT_KEY', 'AGENT_KEY_FILE'],
      ...['VIEWER_KEY', 'OPERATOR_KEY', 'DELIVERY', 'OUTBOX_DIR', 'SFTP_HOST', 'SFTP_PORT', 'SFTP_USERNAME'],
      ...['SFTP_DIRECTORY', 'SFTP_HOST_KEY', 'SFTP_PASSWORD', 'SFTP_PASSWORD_FILE', 'SFTP_PRIVATE_KEY', 'SMTP_URL'],
      ...['SFTP_PASSPHRASE', 'BACKUP_BLOB_CONNECTION', 'BACKUP_BLOB_CONTAINER', 'NOTIFY_WEBHOOK_URL', 'NOTIFY_EMAIL'],
      'LOG_LEVEL',
    ];
    for (const empty of ['', ' \t\n']) {
      const env = Object.fromEntries(names.map((name) => [name, empty]));
      expect(loadConfig(env, folder)).toStrictEqual(loadConfig({}, folder));
    }
  });
});

test('every variable has its place', () => {
  const folder = temporaryFolder({ 'cert.pem': pem('cert'), 'key.pem': pem('key'), 'etc/policy.json': '{}' });
  const env = {
    ...sftp,
    DATA_DIR: 'volume',
    CONFIG_FILE: 'etc/policy.json',
    HOST: ' 0.0.0.0 ',
    PORT: '0',
    TLS_CERT_FILE: 'cert.pem',
    TLS_KEY_FILE: join(folder, 'key.pem'),
    AGENT_KEY: key('a'),
    VIEWER_KEY: key('v'),
    OPERATOR_KEY: key('o'),
    SFTP_PORT: '2222',
    SFTP_DIRECTORY: '/upload/helloid',
    SFTP_PASSWORD: ' spaces belong to it ',
    SFTP_PRIVATE_KEY: lockedKey,
    SFTP_PASSPHRASE: 'Sesam open u',
    BACKUP_BLOB_CONNECTION: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=eA==',
    BACKUP_BLOB_CONTAINER: 'backups-2',
    NOTIFY_WEBHOOK_URL: 'https://hooks.example.nl/x?token=1',
    SMTP_URL: 'smtps://user:pass@mail.example.nl:465',
    NOTIFY_EMAIL: 'beheer@example.nl',
    LOG_LEVEL: 'silent',
    LOG_ADDRESSES: 'all',
    TRUSTED_PROXIES: '10.0.0.0/8, ::1',
  };
  expect(loadConfig(env, folder)).toStrictEqual({
    dataDir: join(folder, 'volume'),
    server: { host: '0.0.0.0', port: 0, tls: { cert: pem('cert'), key: pem('key') } },
    keys: [
      { scope: 'agent', name: 'AGENT_KEY', key: key('a') },
      { scope: 'viewer', name: 'VIEWER_KEY', key: key('v') },
      { scope: 'operator', name: 'OPERATOR_KEY', key: key('o') },
    ],
    delivery: {
      kind: 'sftp',
      host: 'sftp.example.nl',
      port: 2222,
      username: 'spendcloud',
      directory: '/upload/helloid',
      hostKeys: [fingerprint],
      password: ' spaces belong to it ',
      privateKey: lockedKey,
      passphrase: 'Sesam open u',
    },
    backup: { connection: env.BACKUP_BLOB_CONNECTION, container: 'backups-2' },
    notify: { webhookUrl: env.NOTIFY_WEBHOOK_URL, smtpUrl: env.SMTP_URL, email: 'beheer@example.nl' },
    logLevel: 'silent',
    logAddresses: 'all',
    trustedProxies: ['10.0.0.0/8', '::1'],
    configFile: join(folder, 'etc', 'policy.json'),
    policy: Policy.parse({}),
    unwritten: changedDefaults({}, Policy.parse({})),
  });
});

test('a folder of which only a shell knows the place is refused, instead of made beside the program', () => {
  expect(faultsOf({ DATA_DIR: '~/data', OUTBOX_DIR: '~' })).toEqual([
    'DATA_DIR: found "~/data", expected a path without ~, which only a shell understands',
    'OUTBOX_DIR: found "~", expected a path without ~, which only a shell understands',
  ]);
  expect(faultsOf({ DATA_DIR: '~data' })).toEqual([]);
});

test('all that is wrong in the environment and in connector.json is named in one message', () => {
  const folder = temporaryFolder({
    'connector.json': JSON.stringify({
      shedule: {},
      schedule: { cron: '30 5 * * *' },
      files: { persons: { columns: [{ header: 'e-mail', field: 'mail' }] } },
    }),
  });
  const env = {
    HOST: 'http://localhost',
    PORT: '70711',
    TLS_KEY_FILE: 'gone.pem',
    AGENT_KEY: 'short',
    VIEWER_KEY: key('v'),
    OPERATOR_KEY: key('v'),
    DELIVERY: 'ftp',
    SFTP_HOST: 'sftp.example.nl:22',
    SFTP_PORT: '22.5',
    SFTP_HOST_KEY: 'MD5:16:27',
    SFTP_PRIVATE_KEY: 'id_ed25519',
    SFTP_PASSPHRASE_FILE: 'gone',
    SFTP_DIRECTORY: 'a\nb',
    BACKUP_BLOB_CONNECTION: 'https',
    BACKUP_BLOB_CONTAINER: 'Back_ups',
    NOTIFY_WEBHOOK_URL: 'hooks.example.nl',
    NOTIFY_EMAIL: 'beheer',
    LOG_LEVEL: 'verbose',
  };
  const names = faultsOf(env, folder).map((fault) => fault.slice(0, fault.indexOf(': ')));
  expect(names.sort()).toEqual([
    'AGENT_KEY',
    'BACKUP_BLOB_CONNECTION',
    'BACKUP_BLOB_CONTAINER',
    'DELIVERY',
    'HOST',
    'LOG_LEVEL',
    'NOTIFY_EMAIL',
    'NOTIFY_WEBHOOK_URL',
    'OPERATOR_KEY',
    'PORT',
    'SFTP_DIRECTORY',
    'SFTP_HOST',
    'SFTP_HOST_KEY',
    'SFTP_PASSPHRASE_FILE',
    'SFTP_PORT',
    'SFTP_PRIVATE_KEY',
    'SFTP_USERNAME',
    'SMTP_URL',
    'TLS_CERT_FILE',
    'TLS_KEY_FILE',
    'connector.json files.persons.columns',
    'connector.json files.persons.columns[0].field',
    'connector.json schedule.cron',
    'connector.json shedule',
  ]);
});

describe('no secret is shown', () => {
  const secrets = [
    ...['AGENT_KEY', 'VIEWER_KEY', 'OPERATOR_KEY', 'SFTP_PASSWORD', 'SFTP_PRIVATE_KEY', 'SFTP_PASSPHRASE'],
    ...['BACKUP_BLOB_CONNECTION', 'NOTIFY_WEBHOOK_URL', 'SMTP_URL'],
  ];

  test.for<[string, (name: string, index: number) => [string, string][]]>([
    ['when it is wrong itself', (name, index) => [[name, `geheim ${index}`]]],
    ['when it lies in a file', (name, index) => [[`${name}_FILE`, `secret-${index}`]]],
    [
      'when it is given twice',
      (name, index) => [
        [name, `geheim ${index}`],
        [`${name}_FILE`, `secret-${index}`],
      ],
    ],
  ])('%s', ([, variablesOf]) => {
    const files = secrets.map((_, index) => [`secret-${index}`, `geheim ${index}\n`]);
    const folder = temporaryFolder(Object.fromEntries(files) as Record<string, string>);
    const env = Object.fromEntries(secrets.flatMap(variablesOf));
    const message = faultsOf({ ...env, ...sftp, NOTIFY_EMAIL: 'jan.geheim', PORT: 'x' }, folder).join('\n');
    expect(message).toContain('NOTIFY_EMAIL: found a value not shown here, expected an e-mail address');
    expect(message).toContain('AGENT_KEY');
    expect(message).not.toContain('geheim');
  });

  test('when it stands in an address where none belongs', () => {
    const faults = faultsOf({ ...sftp, SFTP_PASSWORD: 'x', SFTP_HOST: 'sftp://jan:geheim@sftp.example.nl' });
    expect(faults).toEqual([
      'SFTP_HOST: found "…@sftp.example.nl", expected the name or address of a host, without protocol or port',
    ]);
  });
});

describe('a variable is refused', () => {
  test.for<[string, Record<string, string>, string]>([
    ['with a port of letters', { PORT: '0x10' }, 'PORT'],
    ['with a port below zero', { PORT: '-1' }, 'PORT'],
    ['with port 0 of a far server', { SFTP_PORT: '0' }, 'SFTP_PORT'],
    ['with a key of 19 characters', { AGENT_KEY: 'a'.repeat(19) }, 'AGENT_KEY'],
    ['with a space in a key', { VIEWER_KEY: `${key('a')} b` }, 'VIEWER_KEY'],
    ['with an accent in a key', { OPERATOR_KEY: `${key('a')}é` }, 'OPERATOR_KEY'],
    ['with a webhook on ftp', { NOTIFY_WEBHOOK_URL: 'ftp://hooks.example.nl' }, 'NOTIFY_WEBHOOK_URL'],
    [
      'with a mail server on http',
      { SMTP_URL: 'https://mail.example.nl', NOTIFY_EMAIL: 'beheer@example.nl' },
      'SMTP_URL',
    ],
    ['with an address to write to but no mail server', { NOTIFY_EMAIL: 'beheer@example.nl' }, 'SMTP_URL'],
    ['with a mail server but no address to write to', { SMTP_URL: 'smtps://mail.example.nl' }, 'NOTIFY_EMAIL'],
    ['with a container that ends in a dash', { BACKUP_BLOB_CONTAINER: 'ab-' }, 'BACKUP_BLOB_CONTAINER'],
    ['with a container of two letters', { BACKUP_BLOB_CONTAINER: 'ab' }, 'BACKUP_BLOB_CONTAINER'],
    ['with a container with two dashes in a row', { BACKUP_BLOB_CONTAINER: 'back--ups' }, 'BACKUP_BLOB_CONTAINER'],
    ['with a log level in capitals', { LOG_LEVEL: 'INFO' }, 'LOG_LEVEL'],
  ])('%s', ([, env, setting]) => {
    expect(faultsOf(env)).toEqual([expect.stringMatching(new RegExp(`^${setting}: found .*, expected .`))]);
  });
});
