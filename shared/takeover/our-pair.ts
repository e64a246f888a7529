import { stateOf, statusColumnOf, type State } from '../domain/columns.ts';
import { cellsOf } from '../export/csv-records.ts';
import type { FileFormat } from '../export/file-format.ts';
import { readManifest, readPair } from '../export/pair.ts';

/** A person of a rendered pair, by field. */
export interface OurPerson {
  /** Null for somebody whom HelloID does not manage. */
  account: number | null;
  reference: string | null;
  state: State;
  values: Record<string, string>;
  roles: Record<string, string>[];
}

export function readOurPair(folder: string): OurPerson[] {
  const manifest = readManifest(folder);
  const status = statusColumnOf(manifest.persons.columns);
  return [...readPair(folder, manifest)].map(({ account, reference, row, roles }) => {
    const cells = cellsOf(row, manifest.persons);
    const said = status && stateOf(cells[status.place] ?? null, status.column.status);
    return {
      ...{ account, reference, state: said ?? 'active' },
      values: byField(cells, manifest.persons),
      roles: roles.map((role) => byField(cellsOf(role, manifest.roles), manifest.roles)),
    };
  });
}

function byField(cells: readonly string[], { columns }: FileFormat): Record<string, string> {
  const fields = columns.flatMap(({ field }, place) =>
    field === undefined ? [] : [[field, cells[place] ?? ''] as const],
  );
  return Object.fromEntries(fields);
}
