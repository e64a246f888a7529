/** `spendcloud-20261123T043012Z.db.gz`: the time of a backup is read from its name, here and in the blob container. */
export function backupName(at: Date): string {
  return `spendcloud-${stamp(at)}.db.gz`;
}

/** A database that a restore replaced; it ages like a backup. */
export function replacedName(at: Date): string {
  return `replaced-${stamp(at)}.db`;
}

/** What was erased on demand, in the container; beside the database it has the same name. */
export const erasuresName = 'erasures.jsonl';

export function backupTime(name: string): Date | undefined {
  return timeOf(/^spendcloud-(\d{8}T\d{6}Z)\.db\.gz$/.exec(name)?.[1]);
}

/** The time in any name of ours, with what SQLite puts beside a database and what was left unfinished. */
export function ageingTime(name: string): Date | undefined {
  return timeOf(/^\.?(?:spendcloud|replaced)-(\d{8}T\d{6}Z)\.db/.exec(name)?.[1]);
}

/** A name that is no backup, because it is not complete. */
export function unfinishedName(name: string, id: string): string {
  return `.${name}.${id}`;
}

function stamp(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d+/g, '');
}

function timeOf(text: string | undefined): Date | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? [];
  const time = new Date(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
