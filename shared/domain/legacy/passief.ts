import { textOf, type OldValue } from './old-rows.ts';

/** What column `passief` says; `unclear` for a text that nobody but its writer can explain. */
export type Passief = { kind: 'active' } | { kind: 'passive' } | { kind: 'unclear'; text: string };

/** The earlier connector writes NULL or `Ja`; by hand there may be more. An absent column says that nobody is passive. */
export function readPassief(value: OldValue | undefined): Passief {
  const text = textOf(value ?? null);
  if (text === undefined) return { kind: 'unclear', text: '(bytes)' };
  const trimmed = (text ?? '').trim();
  if (trimmed === '') return { kind: 'active' };
  return trimmed.toLowerCase() === 'ja' ? { kind: 'passive' } : { kind: 'unclear', text: trimmed };
}

export function countPassief(rows: readonly { passief?: OldValue }[]): {
  active: number;
  passive: number;
  other: number;
} {
  const kinds = rows.map(({ passief }) => readPassief(passief).kind);
  const count = (kind: Passief['kind']) => kinds.filter((one) => one === kind).length;
  return { active: count('active'), passive: count('passive'), other: count('unclear') };
}
