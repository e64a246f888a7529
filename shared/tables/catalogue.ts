import { basename } from 'node:path';
import { messageOf, readTextFile } from '../config/text-file.ts';
import type { CatalogueEntries, CatalogueEntry } from '../domain/catalogue.ts';
import { isBlank, textProblem, type Fits } from '../domain/text.ts';
import { AppError } from '../errors.ts';
import { readTable } from './csv-table.ts';

/** The static roles of `roles.catalogue`, by reference, in the order of the file; read again when the file changed. */
export interface Catalogue {
  /** Empty without a table; rejects with `unavailable` while the table cannot be used, naming each bad line. */
  entries(): Promise<CatalogueEntries>;
}

const columns = ['reference', 'unit', 'profile', 'name'] as const;
const mostFaults = 20;

export function catalogueTable(path: string | null, fits: Fits): Catalogue {
  let known: { text: string; entries: CatalogueEntries } | undefined;

  /** The file is small and read whole: its text says more surely than its time whether it changed. */
  async function entries(): Promise<CatalogueEntries> {
    if (path === null) return new Map();
    const text = textOf(path);
    if (known?.text !== text) known = { text, entries: parseCatalogue(text, basename(path), fits) };
    return known.entries;
  }

  return { entries };
}

function parseCatalogue(text: string, file: string, fits: Fits): CatalogueEntries {
  const faults: string[] = [];
  const report = (line: number, fault: string) => void faults.push(`${file} line ${line}: ${fault}`);
  const found = new Map<string, CatalogueEntry>();
  const lineOf = new Map<string, number>();
  for (const { line, values } of readTable(text, columns, report)) {
    const problems = columns.flatMap((column) => problemOf(column, values[column], fits) ?? []);
    const first = lineOf.get(values.reference);
    if (first !== undefined && values.reference !== '') problems.push(`its reference stands on line ${first} already`);
    for (const problem of problems) report(line, problem);
    lineOf.set(values.reference, first ?? line);
    found.set(values.reference, { ...values, name: values.name || `${values.unit} - ${values.profile}` });
  }
  if (faults.length > 0) throw broken(faults);
  return found;
}

function problemOf(column: (typeof columns)[number], value: string, fits: Fits): string | undefined {
  if (isBlank(value)) return column === 'name' ? undefined : `${column} is empty`;
  const problem = textProblem(value, fits);
  return problem && `${column} ${problem}`;
}

function textOf(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw broken([messageOf(error)], error);
  }
}

function broken(faults: string[], cause?: unknown): AppError {
  const shown = faults.slice(0, mostFaults);
  const more = faults.length > shown.length ? [`and ${faults.length - shown.length} more`] : [];
  const message = `The table of static roles (roles.catalogue) cannot be used: ${[...shown, ...more].join('; ')}`;
  return new AppError('unavailable', message, { cause });
}
