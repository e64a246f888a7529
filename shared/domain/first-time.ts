import type { Leavers } from './columns.ts';

/** What a delivery looks like from Spend Cloud's side; a change of it is a first time again. */
export interface DeliveryShape {
  /** Kind, host, port, folder. */
  destination: string;
  /** File names and columns of both files. */
  files: string;
  personKey: string;
  /** Releases before 1.0 did not say it: inactive people were absent. */
  leavers?: Leavers;
}

export interface FirstTime {
  kind: 'folder' | 'sftp';
  /** Whether somebody set the destination; the folder in DATA_DIR is for trying out. */
  isSet: boolean;
  shape: DeliveryShape;
  /** The shape of what was delivered last; null when nothing was, and no baseline was given. */
  lastShape: DeliveryShape | null;
  /** Files of our names that lie at the destination and were not written by us. */
  foreignFiles: readonly string[];
  /** When the database was restored from a backup and nothing was delivered since. */
  restoredAt: string | null;
  /** The delivery that it is older than, in words and with its time, where it was put back by hand. */
  olderThan: { pair: string; at: string } | null;
  roles: number;
  /** Roles of the last delivered pair; null before the first. */
  lastRoles: number | null;
  /** Rows of inactive people, and the status column: its place (the first is 1) and its header. */
  inactive: { rows: number; field: number; header: string } | null;
  /** Whether files with such rows were delivered, or given as baseline, before. */
  hadInactive: boolean;
}

/** Why a delivery is held whatever its numbers are: it has never been done like this. */
export function firstTimeReasons({
  kind,
  isSet,
  shape,
  lastShape,
  foreignFiles,
  restoredAt,
  olderThan,
  roles,
  lastRoles,
  inactive,
  hadInactive,
}: FirstTime): string[] {
  return [
    ...(lastShape ? changes(shape, lastShape) : neverBefore(kind, isSet, foreignFiles)),
    ...(isSet && inactive && inactive.rows > 0 && !hadInactive ? [firstInactive(inactive)] : []),
    ...(restoredAt ? [afterRestore(restoredAt, olderThan)] : []),
    ...(roles === 0 && lastRoles !== null && lastRoles > 0
      ? [`The roles file is empty, and the last delivered one held ${lastRoles} role(s)`]
      : []),
  ];
}

function afterRestore(restoredAt: string, olderThan: FirstTime['olderThan']): string {
  return olderThan
    ? `The database is older than the delivery of ${olderThan.pair} (${olderThan.at}), as after a restore: people created since may be missing`
    : `The database was restored from a backup (${restoredAt}): people created since may be missing`;
}

/** An import that does not read the column takes each of these rows for an employee. */
function firstInactive({ rows, field, header }: NonNullable<FirstTime['inactive']>): string {
  return `The first delivery with rows of inactive people (${rows}): Spend Cloud's import must read field ${field} (${header}); if not, every inactive row is an active employee`;
}

function neverBefore(kind: 'folder' | 'sftp', isSet: boolean, foreignFiles: readonly string[]): string[] {
  if (kind === 'sftp')
    return ['This is the first delivery to an SFTP server; compare the files with those Spend Cloud got until now'];
  if (isSet && foreignFiles.length === 0)
    return ['This is the first delivery to OUTBOX_DIR; compare the files with those Spend Cloud got until now'];
  if (foreignFiles.length === 0) return [];
  return [
    `This is the first delivery to a folder in which [${foreignFiles.join(', ')}] lies already, written by another program`,
  ];
}

function changes(shape: DeliveryShape, last: DeliveryShape): string[] {
  return [
    ...(shape.destination === last.destination
      ? []
      : [`The destination changed from ${last.destination} to ${shape.destination}`]),
    ...(shape.files === last.files ? [] : ['The names or columns of the files changed']),
    ...(shape.personKey === last.personKey
      ? []
      : [`spendCloud.personKey changed from ${last.personKey} to ${shape.personKey}`]),
    ...((shape.leavers ?? 'absent') === (last.leavers ?? 'absent')
      ? []
      : [`spendCloud.leavers changed from ${last.leavers ?? 'absent'} to ${shape.leavers ?? 'absent'}`]),
  ];
}
