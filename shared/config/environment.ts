import { isIP } from 'node:net';
import { z } from 'zod';
import { type Given, type Report, isGiven, readVariables } from './reading.ts';
import { hostName, portFrom, variable } from './variables.ts';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Each is whole by itself; what they mean also stands in docs/settings.md. */
export const Environment = z.object({
  HOST: hostName()
    .default('127.0.0.1')
    .describe('The address our own server listens at; `0.0.0.0` for every one of this machine.'),
  PORT: portFrom(0).default(7071).describe('The port our own server listens at, 0 to 65535; 0 takes a free one.'),
  BACKUP_BLOB_CONNECTION: variable(isBlobConnection, 'a connection string of Azure Storage')
    .optional()
    .describe('A connection string of Azure Storage; backups are then copied there too.'),
  BACKUP_BLOB_CONTAINER: variable(
    isContainerName,
    '3 to 63 lower case letters, digits and single dashes, as Azure names containers',
  )
    .default('spendcloud-backups')
    .describe('The blob container for backups, which must be there.'),
  NOTIFY_WEBHOOK_URL: variable(isUrl('https:', 'http:'), 'an https or http address')
    .optional()
    .describe('Who hears of trouble: an incoming webhook that takes `{"text": …}`.'),
  SMTP_URL: variable(isUrl('smtps:', 'smtp:'), 'an smtps or smtp address')
    .optional()
    .describe('A mail server, with name and password in the address; needs `NOTIFY_EMAIL`.'),
  NOTIFY_EMAIL: z
    .email({ error: 'expected an e-mail address' })
    .optional()
    .describe('Who hears of trouble: an e-mail address; needs `SMTP_URL`.'),
  LOG_LEVEL: z
    .enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` })
    .default('info')
    .describe('How much our own server logs.'),
  LOG_ADDRESSES: z
    .enum(['off', 'refused', 'all'], { error: 'expected off, refused or all' })
    .default('refused')
    .describe(
      "Which calls' log lines name the caller's address: `refused` those whose key was refused, `all`, or `off`.",
    ),
  TRUSTED_PROXIES: z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every(isNetwork), {
      error: 'expected addresses or networks (10.0.0.0/8), separated by commas',
    })
    .optional()
    .describe("Addresses or networks of proxies whose `X-Forwarded-For` is believed about the caller's address."),
});

/** The settings of this machine that are whole by themselves. */
export function readEnvironment(given: Given, report: Report) {
  if (isGiven(given, 'NOTIFY_EMAIL') && !isGiven(given, 'SMTP_URL'))
    report('SMTP_URL', 'found nothing, expected a mail server because NOTIFY_EMAIL is set');
  if (isGiven(given, 'SMTP_URL') && !isGiven(given, 'NOTIFY_EMAIL'))
    report('NOTIFY_EMAIL', 'found nothing, expected an e-mail address because SMTP_URL is set');
  const read = readVariables(Environment, given, report);
  return (
    read && {
      host: read.HOST,
      port: read.PORT,
      logLevel: read.LOG_LEVEL,
      logAddresses: read.LOG_ADDRESSES,
      trustedProxies: read.TRUSTED_PROXIES ?? [],
      backup: backupOf(read),
      notify: {
        webhookUrl: read.NOTIFY_WEBHOOK_URL ?? null,
        smtpUrl: read.SMTP_URL ?? null,
        email: read.NOTIFY_EMAIL ?? null,
      },
    }
  );
}

function backupOf({
  BACKUP_BLOB_CONNECTION: connection,
  BACKUP_BLOB_CONTAINER: container,
}: z.output<typeof Environment>): { connection: string; container: string } | null {
  return connection === undefined ? null : { connection, container };
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 6 ? 128 : 32));
}

function isUrl(...protocols: string[]) {
  return (value: string): boolean => {
    const url = URL.parse(value);
    return url !== null && protocols.includes(url.protocol) && url.hostname !== '';
  };
}

function isBlobConnection(value: string): boolean {
  return /(^|;)\s*(AccountName|BlobEndpoint|UseDevelopmentStorage)\s*=/i.test(value);
}

function isContainerName(value: string): boolean {
  return value.length >= 3 && value.length <= 63 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value);
}
