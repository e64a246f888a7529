/** What a delivery looks like from Spend Cloud's side; a change of it is a first time again. */
export interface DeliveryShape {
  /** Kind, host, port, folder. */
  destination: string;
  /** File names and columns of both files. */
  files: string;
  personKey: string;
}

export interface FirstTime {
  kind: 'folder' | 'sftp';
  shape: DeliveryShape;
  /** The shape of what was delivered last; null when nothing was, and no baseline was given. */
  lastShape: DeliveryShape | null;
  /** Files of our names that lie at the destination and were not written by us. */
  foreignFiles: readonly string[];
  /** When the database was restored from a backup and nothing was delivered since. */
  restoredAt: string | null;
  roles: number;
  /** Roles of the last delivered pair; null before the first. */
  lastRoles: number | null;
}

/** Why a delivery is held whatever its numbers are: it has never been done like this. */
export function firstTimeReasons({
  kind,
  shape,
  lastShape,
  foreignFiles,
  restoredAt,
  roles,
  lastRoles,
}: FirstTime): string[] {
  return [
    ...(lastShape ? changes(shape, lastShape) : neverBefore(kind, foreignFiles)),
    ...(restoredAt
      ? [`The database was restored from a backup (${restoredAt}): people created since may be missing`]
      : []),
    ...(roles === 0 && lastRoles !== null && lastRoles > 0
      ? [`The roles file is empty, and the last delivered one held ${lastRoles} role(s)`]
      : []),
  ];
}

function neverBefore(kind: 'folder' | 'sftp', foreignFiles: readonly string[]): string[] {
  if (kind === 'sftp')
    return ['This is the first delivery to an SFTP server; compare the files with those Spend Cloud got until now'];
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
  ];
}
