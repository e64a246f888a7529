import { dayIn } from '../domain/calendar.ts';
import { accessSentence, keptAccess } from '../domain/kept-access.ts';
import type { Policy } from '../policy.ts';
import type { Inspection } from '../store/inspect.ts';
import { ok, warning, type Step } from './step.ts';

const name = 'access';

/** Who has access and should perhaps not, by the newest run; nothing where it found nobody. */
export function checkAccess({ roles, schedule }: Policy, now: Date, found: Inspection | undefined): Step[] {
  if (!found?.access) return [];
  const { endedContracts } = roles;
  const { run, kinds } = keptAccess(found.access, { endedContracts, today: dayIn(schedule.timeZone, now) });
  if (run === null || kinds.length === 0) return [];
  const says = kinds.map((kind) => {
    const { accepted } = kind;
    return `${accessSentence(kind)}${accepted ? ` (accepted until ${accepted.until} by ${accepted.by})` : ''}`;
  });
  if (kinds.every(({ accepted }) => accepted !== null)) return [ok(name, `run ${run}: ${says.join('; ')}`)];
  return [
    warning(
      name,
      `${says.join('; ')}. Look at who it is: spendcloud findings (run ${run}); what may stay so: spendcloud findings accept KIND --until DATE --by NAME --reason TEXT`,
    ),
  ];
}
