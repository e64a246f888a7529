import type { Statistics } from '../../api/types.ts';

export const groups = ['create', 'update', 'access', 'leave', 'roles', 'other'] as const;
export type Group = (typeof groups)[number];

const dayMilliseconds = 86_400_000;

const groupOf: Partial<Record<string, Group>> = {
  create: 'create',
  update: 'update',
  enable: 'access',
  disable: 'leave',
  delete: 'leave',
  'grant-permission': 'roles',
  'revoke-permission': 'roles',
  'sub-permissions': 'roles',
};

/** What the connector does by itself each night; its course is in the other charts. */
const byItself = 'export';

export interface ActionDay {
  /** `2026-11-24`. */
  day: string;
  counts: Record<Group, number>;
  total: number;
}

/** Every day of the time, also those on which nothing was done, with the kinds put together as a reader thinks of them. */
export function actionDays({ from, to, actions }: Statistics): ActionDay[] {
  const known = new Map(actions.map(({ day, kinds }) => [day, kinds]));
  const first = firstDay(from, to, actions[0]?.day ?? to);
  const days: ActionDay[] = [];
  for (let at = Date.parse(first); at <= Date.parse(to); at += dayMilliseconds) {
    const day = new Date(at).toISOString().slice(0, 10);
    const counts = { create: 0, update: 0, access: 0, leave: 0, roles: 0, other: 0 };
    for (const [kind, count] of Object.entries(known.get(day) ?? {}))
      if (kind !== byItself) counts[groupOf[kind] ?? 'other'] += count;
    days.push({ day, counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0) });
  }
  return days;
}

/** The first day on which something was done; a fortnight at least, so that a young trail is not one broad bar. */
function firstDay(from: string, to: string, firstAction: string): string {
  const fortnight = new Date(Date.parse(to) - 13 * dayMilliseconds).toISOString().slice(0, 10);
  const wanted = firstAction < fortnight ? firstAction : fortnight;
  return wanted < from ? from : wanted;
}

/** How high the chart reaches. A first import or a reorganisation would flatten all other days, so days far above the usual reach out of it, and are named. */
export function heightFor(days: readonly ActionDay[]): number {
  const totals = days.flatMap(({ total }) => (total > 0 ? [total] : [])).sort((one, other) => one - other);
  const highest = totals.at(-1) ?? 0;
  const usual = totals[Math.floor(totals.length * 0.9)] ?? 0;
  return Math.max(4, Math.ceil((highest > usual * 3 ? usual : highest) * 1.15));
}
