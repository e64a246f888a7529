import { statusColumnOf, type Leavers } from '../domain/columns.ts';
import type { OldPair } from './old-pair.ts';
import type { Given, GivenColumns } from './wanted-settings.ts';

/** How the import of this customer is told who left, or why that cannot be said yet. */
export type LeaversAnswer =
  | { kind: 'known'; leavers: Leavers; by: 'answer' | 'file' }
  /** Nothing here shows it: a person must look in Spend Cloud. */
  | { kind: 'ask' }
  | { kind: 'refused'; why: string };

/** Only inactive rows show a kind by themselves; the database never does. */
export function answerLeavers(
  answer: Leavers | undefined,
  { persons: file }: Given,
  columns: GivenColumns,
  old: OldPair,
): LeaversAnswer {
  const hasStatus = statusColumnOf(columns.persons) !== undefined;
  if (answer === 'passive' && !hasStatus) {
    const why = `${file.fileName} has ${file.headers.length} columns and none that says who left, so the import in Spend Cloud reads none either: passive cannot be right today. Answer --leavers absent if its "Deactivate before import" is on. You can change over later, import and settings together; that delivery is held for you`;
    return { kind: 'refused', why };
  }
  if (answer) return { kind: 'known', leavers: answer, by: 'answer' };
  const hasInactive = old.persons.some(({ state }) => state === 'inactive');
  return hasInactive ? { kind: 'known', leavers: 'passive', by: 'file' } : { kind: 'ask' };
}
