/**
 * Runs as root before the other containers of docker-compose.yml: makes the secrets that are not there yet and gives the folders to the
 * user who works in them. `prepare store NAME` keeps what it reads from standard input as the secret NAME.
 */
import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageUser, introduceSftp, keep, makeKeys } from './secrets.ts';

const secrets = '/run/secrets';
const sftp = '/volumes/sftp';

const [action, name] = process.argv.slice(2);
if (action === undefined) await prepare();
else if (action === 'store' && name !== undefined && /^[a-z][a-z0-9-]{0,60}$/.test(name)) await store(name);
else refuse('Usage: prepare, or prepare store NAME < FILE (NAME in lower case letters, digits and dashes)');

async function prepare(): Promise<void> {
  giveToUser(secrets);
  for (const folder of ['/volumes/data', '/volumes/trial-data', '/volumes/inbox', '/volumes/trial-inbox'])
    giveToUser(folder);
  const made = [...makeKeys(secrets), ...introduceSftp(secrets, sftp)];
  process.stdout.write(
    made.length > 0 ? `Made these secrets: ${made.join(', ')}\n` : 'Every secret is there already\n',
  );
  await makeContainer(process.env);
}

async function store(secret: string): Promise<void> {
  const content = await readFile('/dev/stdin');
  if (content.toString('utf8').trim() === '') refuse(`Nothing came in for ${secret}; give it on standard input`);
  keep(secrets, secret, content);
  process.stdout.write(`Stored ${secret}; the connector reads it at its next start\n`);
}

/** Whichever host wrote a file, the Functions host as root or our own server as its user: the other can go on with it. */
function giveToUser(folder: string): void {
  const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const path of [folder, ...inside.map((name) => join(folder, name))]) {
    // a connector that runs already may have removed a file meanwhile
    if ((lstatSync(path, { throwIfNoEntry: false })?.uid ?? imageUser) !== imageUser)
      lchownSync(path, imageUser, imageUser);
  }
}

/** Only in the emulator: in a real account whoever owns it makes the container. */
async function makeContainer({ BACKUP_BLOB_CONNECTION, BACKUP_BLOB_CONTAINER = '' }: NodeJS.ProcessEnv): Promise<void> {
  if (!BACKUP_BLOB_CONNECTION?.includes('AccountName=devstoreaccount1;')) return;
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const service = BlobServiceClient.fromConnectionString(BACKUP_BLOB_CONNECTION);
  await service.getContainerClient(BACKUP_BLOB_CONTAINER.trim() || 'spendcloud-backups').createIfNotExists();
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
