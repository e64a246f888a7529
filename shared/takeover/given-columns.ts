import type { Column, StatusTexts } from '../domain/columns.ts';
import { readPassief } from '../domain/legacy/passief.ts';
import { personFields, roleFields } from '../policy.ts';
import { AppError } from '../errors.ts';
import type { GivenFile } from './given-file.ts';

/** What the earlier connector's releases wrote over their columns, in lower case. */
const knownHeaders: Record<string, string> = {
  voornamen: 'voornaam', // V1
  adfs_login: 'gebruikersnaam',
  'organisatorische eenheid': 'ou',
  'functieprofiel code': 'functiecode',
};
const statusHeader = 'passief';

/** The columns of a given file: by the settings where they have the header, else by what the releases called them. */
export function columnsOf(
  file: GivenFile,
  kind: 'persons' | 'roles',
  inForce: readonly Column[],
  addedFields: readonly string[],
): Column[] {
  const fields = [...personFields, ...(kind === 'roles' ? roleFields : []), ...addedFields];
  const byName = new Map(fields.map((field) => [field.toLowerCase(), field]));
  const unknown: string[] = [];
  const columns = file.headers.map((header, place): Column => {
    const name = header.trim().toLowerCase();
    const set = inForce.find((column) => column.header === header);
    if (kind === 'persons' && (name === statusHeader || set?.status))
      return { header, status: statusOf(file, place, set?.status) };
    const field = set?.field ?? knownHeaders[name] ?? byName.get(name);
    if (field === undefined) unknown.push(header);
    return { header, field: field ?? '' };
  });
  if (unknown.length === 0) return columns;
  throw new AppError(
    'unreadable',
    `${file.fileName}: no release of the earlier connector has the column(s) ${unknown.join(', ')}. Say in files.${kind}.columns of connector.json which field stands in each`,
  );
}

/** What stands there for active and for inactive people: nothing, or an empty text, as most rows have it. */
function statusOf({ rows, layout }: GivenFile, place: number, set: StatusTexts | undefined): StatusTexts {
  const cells = rows.flatMap(({ cells }) => cells[place] ?? []);
  const blank = cells.filter(({ text }) => text === '');
  const quoted = blank.filter((cell) => cell.quoted).length;
  const active = layout.quote === 'always' && quoted > blank.length - quoted ? '' : null;
  if (set && set.active !== null && set.active !== '') return set;
  const passive = cells.map(({ text }) => text).find((text) => readPassief(text).kind === 'passive');
  return { active, inactive: passive ?? set?.inactive ?? 'Ja' };
}
