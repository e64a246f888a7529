import { basename } from 'node:path';
import { messageOf, readTextFile } from '../config/text-file.ts';
import type { KnownReference } from '../domain/legacy/references.ts';
import { isBlank, textProblem } from '../domain/text.ts';
import { AppError } from '../errors.ts';
import { readTable } from './csv-table.ts';

const columns = ['externalId', 'reference'] as const;
const mostFaults = 20;

/** Reads which reference HelloID holds for a number, other columns passed over; throws `unreadable` that names each bad line, because a reference is for life. */
export function readReferences(path: string): KnownReference[] {
  const faults: string[] = [];
  const report = (line: number, fault: string) => void faults.push(`${basename(path)} line ${line}: ${fault}`);
  const found = new Map<string, KnownReference>();
  for (const { line, values } of readTable(textOf(path), columns, report)) {
    const problems = columns.flatMap((column) => problemOf(column, values[column]) ?? []);
    const first = found.get(values.externalId);
    if (first && first.reference !== values.reference)
      problems.push(`its externalId stands on line ${first.line} with another reference`);
    for (const problem of problems) report(line, problem);
    if (!first) found.set(values.externalId, { line, ...values });
  }
  if (faults.length > 0) throw unusable(faults);
  return [...found.values()];
}

function problemOf(column: string, value: string): string | undefined {
  if (isBlank(value)) return `${column} is empty`;
  const problem = textProblem(value, () => true);
  return problem && `${column} ${problem}`;
}

function textOf(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw unusable([messageOf(error)], error);
  }
}

function unusable(faults: string[], cause?: unknown): AppError {
  const shown = faults.slice(0, mostFaults);
  const more = faults.length > shown.length ? [`and ${faults.length - shown.length} more`] : [];
  return new AppError('unreadable', `The file of references cannot be used: ${[...shown, ...more].join('; ')}`, {
    cause,
  });
}
