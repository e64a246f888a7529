import type { App } from '../app.ts';
import type { Decider } from '../domain/run.ts';
import { isOverdue, readTakeOver, type TakeOverFact } from '../domain/take-over.ts';
import { AppError } from '../errors.ts';

/** The state of a take-over: how many of its people HelloID has called about. */
export interface TakeOverState extends TakeOverFact {
  of: number;
  untouched: number;
}

type Parts = Pick<App, 'facts' | 'takenOver' | 'now'>;

export async function openTakeOver(
  { facts, now }: Pick<App, 'facts' | 'now'>,
  found: Pick<TakeOverFact, 'by' | 'leavers' | 'asks'>,
): Promise<void> {
  const fact: TakeOverFact = { at: factOf(facts)?.at ?? now().toISOString(), ...found, closed: null };
  await facts.set({ 'take-over': JSON.stringify(fact) });
}

/** A person says that everybody was looked at; throws where there is nothing to close. */
export async function closeTakeOver({ facts, takenOver, now }: Parts, decider: Decider): Promise<TakeOverState> {
  const fact = factOf(facts);
  if (!fact) throw new AppError('not-found', 'Nobody was taken over by adopt here, so there is nothing to close');
  if (fact.closed)
    throw new AppError('conflict', `The take-over was closed already, at ${fact.closed.at} by ${fact.closed.by}`);
  const { of, untouched } = takenOver.count();
  const closed = { ...fact, closed: { at: now().toISOString(), by: decider.by } };
  const details = [`Not touched since the take-over: ${untouched} of ${of}`];
  await facts.decide('close-take-over', { 'take-over': JSON.stringify(closed) }, decider, details);
  return { ...closed, of, untouched };
}

/** Null where nobody was taken over by `adopt`. */
export function takeOverState({ facts, takenOver }: Pick<Parts, 'facts' | 'takenOver'>): TakeOverState | null {
  const fact = factOf(facts);
  return fact && { ...fact, ...takenOver.count() };
}

/** One that nobody closed in time. */
export function overdueTakeOver(parts: Parts): TakeOverState | null {
  const fact = factOf(parts.facts);
  if (!fact || !isOverdue(fact, parts.now())) return null;
  return { ...fact, ...parts.takenOver.count() };
}

function factOf(facts: Pick<App['facts'], 'get'>): TakeOverFact | null {
  return readTakeOver(facts.get('take-over'));
}
