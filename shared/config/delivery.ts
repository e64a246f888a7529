import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readHostKeys } from '../delivery/host-key.ts';
import { asPem, privateKeyFault } from './private-key.ts';
import { type Given, type Report, isGiven, readVariables } from './reading.ts';
import { messageOf } from './text-file.ts';
import { hostName, portFrom, variable } from './variables.ts';

export interface FolderSettings {
  kind: 'folder';
  /** Absolute. */
  directory: string;
}

export interface SftpSettings {
  kind: 'sftp';
  host: string;
  port: number;
  username: string;
  /** At the far side. */
  directory: string;
  /** `SHA256:…` fingerprints. */
  hostKeys: string[];
  password?: string;
  privateKey?: string;
  passphrase?: string;
}

export const Kind = z.object({
  DELIVERY: z
    .enum(['sftp', 'folder'], { error: 'expected "sftp" or "folder"' })
    .optional()
    .describe(
      'Where the files go; without it by SFTP if `SFTP_HOST` is set, else to a folder; a login for SFTP without a host is then refused.',
    ),
});

export const Sftp = z.object({
  SFTP_HOST: hostName().describe('The name or address of the SFTP server.'),
  SFTP_PORT: portFrom(1).default(22).describe('Its port, 1 to 65535.'),
  SFTP_USERNAME: variable(isOneLine, 'the name to log in with').describe('The name to log in with.'),
  SFTP_DIRECTORY: variable(isOneLine, 'a folder at the far side')
    .default('.')
    .describe('The folder at the far side; `.` is the one a login begins in.'),
  SFTP_HOST_KEY: z
    .string({ error: 'expected SHA256:… fingerprints or public key lines of the server' })
    .transform(toFingerprints)
    .describe(
      'The host key to expect: `SHA256:…` fingerprints or public key lines, separated by commas while a server changes its key. Required with SFTP; `spendcloud doctor` shows it.',
    ),
  SFTP_PASSWORD: z.string().optional().describe('The password to log in with; this or a private key is needed.'),
  SFTP_PRIVATE_KEY: z
    .string()
    .transform(asPem)
    .optional()
    .describe(
      'The private key to log in with, in the form of OpenSSH, PEM or PuTTY 2; on one line with `\\n` for line ends.',
    ),
  SFTP_PASSPHRASE: z.string().optional().describe('The passphrase of the private key, if it has one.'),
});

/** What is set by nobody who wants a folder. */
const login = ['SFTP_USERNAME', 'SFTP_HOST_KEY', 'SFTP_PASSWORD', 'SFTP_PRIVATE_KEY'];

/** Where the files go: to an SFTP server if one is named, else to a folder under `dataDir`. */
export function readDelivery(
  given: Given,
  cwd: string,
  dataDir: string,
  report: Report,
): FolderSettings | SftpSettings | undefined {
  const kind = readVariables(Kind, given, report)?.DELIVERY ?? (given.SFTP_HOST === undefined ? 'folder' : 'sftp');
  checkPrivateKey(given, report);
  if (given.DELIVERY === undefined) checkHost(given, report);
  if (kind === 'folder') {
    // What is set for SFTP must be right even when it is not used now.
    const unused = readVariables(Sftp.partial(), given, report);
    return unused && { kind, directory: resolve(cwd, given.OUTBOX_DIR ?? join(dataDir, 'outbox')) };
  }
  if (!isGiven(given, 'SFTP_PASSWORD') && !isGiven(given, 'SFTP_PRIVATE_KEY'))
    report('SFTP_PASSWORD', 'found nothing, expected this or SFTP_PRIVATE_KEY');
  // A file whose key cannot be read has its line already.
  const isHostKeyUnread = given.SFTP_HOST_KEY === undefined && isGiven(given, 'SFTP_HOST_KEY');
  const sftp = readVariables(Sftp, given, (setting, fault) => {
    if (!(setting === 'SFTP_HOST_KEY' && isHostKeyUnread)) report(setting, fault);
  });
  return sftp && toSettings(sftp);
}

function toSettings(sftp: z.output<typeof Sftp>): SftpSettings {
  return {
    kind: 'sftp',
    host: sftp.SFTP_HOST,
    port: sftp.SFTP_PORT,
    username: sftp.SFTP_USERNAME,
    directory: sftp.SFTP_DIRECTORY,
    hostKeys: sftp.SFTP_HOST_KEY,
    ...(sftp.SFTP_PASSWORD !== undefined && { password: sftp.SFTP_PASSWORD }),
    ...(sftp.SFTP_PRIVATE_KEY !== undefined && { privateKey: sftp.SFTP_PRIVATE_KEY }),
    ...(sftp.SFTP_PASSPHRASE !== undefined && { passphrase: sftp.SFTP_PASSPHRASE }),
  };
}

/** Files that lie here, where nobody looks, would be taken for delivered. */
function checkHost(given: Given, report: Report): void {
  const set = login.filter((name) => isGiven(given, name));
  if (given.SFTP_HOST !== undefined || set.length === 0) return;
  const because = `because ${set.join(', ')} ${set.length === 1 ? 'is' : 'are'} set`;
  report('SFTP_HOST', `found nothing, expected the name or address of a host ${because}; or say DELIVERY=folder`);
}

function checkPrivateKey(given: Given, report: Report): void {
  if (given.SFTP_PRIVATE_KEY === undefined) return;
  const wrong = privateKeyFault(asPem(given.SFTP_PRIVATE_KEY), given.SFTP_PASSPHRASE);
  // A passphrase whose file cannot be read has its line already.
  const isPassphraseUnread = given.SFTP_PASSPHRASE === undefined && isGiven(given, 'SFTP_PASSPHRASE');
  if (wrong && !(wrong.setting === 'SFTP_PASSPHRASE' && isPassphraseUnread)) report(wrong.setting, wrong.fault);
}

function toFingerprints(text: string, context: z.core.$RefinementCtx): string[] {
  try {
    return readHostKeys(text);
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `${messageOf(error)}, expected SHA256:… fingerprints or public key lines`,
    });
    return z.NEVER;
  }
}

function isOneLine(value: string): boolean {
  return !/\p{Cc}/u.test(value);
}
