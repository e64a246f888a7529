import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateOf, type Column, type State, type StatusTexts } from '../domain/columns.ts';
import { fileStart, rowEncoder, type FileFormat } from '../export/file-format.ts';
import type { CellRow } from './cells.ts';
import type { Given, GivenColumns } from './wanted-settings.ts';

/** A row of a given file in the columns that ours have. */
export interface OldRow {
  line: number;
  /** By field; those of columns that ours lack too. */
  values: Record<string, string>;
  /** What the column of the status says; active where there is none. */
  state: State;
  /** A text in that column which says neither. */
  otherStatus: string | null;
}

/** What Spend Cloud got until now, whatever its layout is. */
export interface OldPair {
  persons: OldRow[];
  roles: OldRow[];
}

export function oldPair(given: Given, columns: GivenColumns): OldPair {
  return {
    persons: given.persons.rows.map((row) => oldRow(row, columns.persons)),
    roles: (given.roles?.rows ?? []).map((row) => oldRow(row, columns.roles)),
  };
}

function oldRow({ line, cells }: CellRow, columns: readonly Column[]): OldRow {
  const values: Record<string, string> = {};
  let status: { text: string; texts: StatusTexts } | undefined;
  for (const [place, column] of columns.entries()) {
    const text = cells[place]?.text ?? '';
    if (column.status) status = { text, texts: column.status };
    else values[column.field] = text;
  }
  const state = status ? stateOf(status.text, status.texts) : 'active';
  return { line, values, state: state ?? 'active', otherStatus: state ? null : (status?.text ?? null) };
}

/** Writes both files in the format of ours into a folder, for the baseline; gives their paths. */
export function writeOldPair(
  folder: string,
  { persons, roles }: OldPair,
  formats: { persons: FileFormat; roles: FileFormat },
): { persons: string; roles: string } {
  return { persons: write(folder, persons, formats.persons), roles: write(folder, roles, formats.roles) };
}

function write(folder: string, rows: readonly OldRow[], format: FileFormat): string {
  const path = join(folder, format.fileName);
  const cells = rows.map(({ values, state }) =>
    format.columns.map(({ field, status }) => (status ? status[state] : (values[field] ?? ''))),
  );
  writeFileSync(path, Buffer.concat([fileStart(format), rowEncoder(format)(cells)]), { mode: 0o600 });
  return path;
}
