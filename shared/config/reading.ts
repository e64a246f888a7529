import type { z } from 'zod';

/** The environment without empty values, and with the secrets from their files. */
export type Given = Record<string, string | undefined>;

/** Notes what is wrong with a setting; the message holds no secret. */
export type Report = (setting: string, fault: string) => void;

/** Secrets, each of which may also lie in a file that `X_FILE` names. */
export const secrets = [
  'AGENT_KEY',
  'VIEWER_KEY',
  'OPERATOR_KEY',
  'SFTP_PASSWORD',
  'SFTP_PRIVATE_KEY',
  'SFTP_PASSPHRASE',
  'BACKUP_BLOB_CONNECTION',
  'NOTIFY_WEBHOOK_URL',
  'SMTP_URL',
] as const;

/** What a file may hold: the secrets, and the host key, which whoever sets up the server hands over as one. */
export const inFiles = [...secrets, 'SFTP_HOST_KEY'] as const;

/** An address is a personal datum, and as little for a log as a secret. */
const unspoken: readonly string[] = [...secrets, 'NOTIFY_EMAIL'];

/** Reads the variables of one schema; reports every fault and then gives nothing. */
export function readVariables<Schema extends z.ZodObject>(
  schema: Schema,
  given: Given,
  report: Report,
): z.output<Schema> | undefined {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  for (const issue of read.error.issues) {
    const name = String(issue.path[0]);
    const isHidden = given[name] !== undefined && unspoken.includes(name);
    report(name, isHidden ? `found a value not shown here, ${issue.message}` : faultText(issue, given[name]));
  }
  return undefined;
}

/** Also true when the file of a secret is wrong: one fault is enough. */
export function isGiven(given: Given, name: string): boolean {
  return given[name] !== undefined || given[`${name}_FILE`] !== undefined;
}

/** A message that only tells what was expected gets what was found before it. */
export function faultText({ message }: { message: string }, found: unknown): string {
  return message.startsWith('expected') ? `found ${shown(found)}, ${message}` : message;
}

/** A value on one line, cut, and without the name and password that an address may begin with. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(typeof value === 'string' ? value.replace(/^.*@/s, '…@') : value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
