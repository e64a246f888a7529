import { isOverdue, readTakeOver } from '../domain/take-over.ts';
import type { Inspection } from '../store/inspect.ts';
import { ok, warning, type Step } from './step.ts';

/** A take-over that nobody closed; nothing where there was none. */
export function checkTakeOver(now: Date, found: Inspection | undefined): Step[] {
  const fact = readTakeOver(found?.takeOver);
  if (!fact || fact.closed) return [];
  const { of, untouched } = found?.takenOver ?? { of: 0, untouched: 0 };
  const says = `from the earlier connector at ${fact.at}; not touched since: ${untouched} of ${of}`;
  const name = 'take-over';
  if (!isOverdue(fact, now)) return [ok(name, says)];
  const next = 'Look at who they are (GET /api/take-over), then: spendcloud adopt --close --by NAME --reason TEXT';
  return [warning(name, `${says}. It is open for more than 30 days. ${next}`)];
}
