import type { Leavers } from './columns.ts';

/** What is kept of a take-over from the earlier connector; the fact `take-over`. */
export interface TakeOverFact {
  /** UTC, of the first one. */
  at: string;
  by: string;
  leavers: Leavers;
  /** People who were left out until a person decides about them. */
  asks: number;
  closed: { at: string; by: string } | null;
}

/** So long after a take-over HelloID should have called about everybody whom it has. */
export const takeOverDays = 30;
const dayMilliseconds = 86_400_000;

export function readTakeOver(text: string | null | undefined): TakeOverFact | null {
  return text ? (JSON.parse(text) as TakeOverFact) : null;
}

/** Nobody closed it in time. */
export function isOverdue({ at, closed }: TakeOverFact, now: Date): boolean {
  return closed === null && now.getTime() - Date.parse(at) >= takeOverDays * dayMilliseconds;
}

/** Why the first delivery after a take-over is held: it would deactivate people who were left out, some of whom work here. */
export function askedAboutReasons(fact: Pick<TakeOverFact, 'asks'> | null): string[] {
  if (!fact || fact.asks === 0) return [];
  return [
    `${fact.asks} person(s) were left out of the take-over until somebody decides about them, and this delivery would deactivate those who are active in Spend Cloud; spendcloud adopt names them`,
  ];
}
