import type { DeliveryShape } from '../domain/first-time.ts';
import type { Policy } from '../policy.ts';

/** A setting that nobody wrote down, and whose default is another one than in an earlier release. */
export interface ChangedDefault {
  setting: string;
  before: string;
  now: string;
  /** Whether connector.json names columns: then it was written for files that Spend Cloud reads already. */
  besideColumns: boolean;
}

type Path = readonly string[];

interface FormerDefault {
  path: Path;
  before: string;
  /** Other settings that say what this one would: who wrote one of them has decided. */
  saidBy?: readonly Path[];
}

/** Defaults of release 0.1.0 that are others now. Without columns the persons file follows `spendCloud.leavers`. */
const formerDefaults: readonly FormerDefault[] = [
  { path: ['spendCloud', 'leavers'], before: 'absent', saidBy: [['files', 'persons', 'columns']] },
  { path: ['files', 'persons', 'fileName'], before: 'ProActive.csv' },
  { path: ['files', 'roles', 'fileName'], before: 'ProActiveRoles.csv' },
  { path: ['roles', 'profile', 'code'], before: 'Title.Code' },
];

/** The settings that connector.json, as it was written, leaves to a default that has changed. */
export function changedDefaults(written: unknown, policy: Policy): ChangedDefault[] {
  const columns = ['persons', 'roles'].map((file) => valueAt(written, ['files', file, 'columns']));
  const besideColumns = columns.some((named) => named !== undefined);
  return formerDefaults.flatMap(({ path, before, saidBy = [] }) => {
    if ([path, ...saidBy].some((one) => valueAt(written, one) !== undefined)) return [];
    const now = String(valueAt(policy, path));
    return now === before ? [] : [{ setting: path.join('.'), before, now, besideColumns }];
  });
}

/** The fact `delivered-shape`; null before the first delivery. */
export function lastShape(fact: string | null | undefined): DeliveryShape | null {
  return fact == null ? null : (JSON.parse(fact) as DeliveryShape);
}

interface Told {
  configFile: string | null;
  unwritten: readonly ChangedDefault[];
}

/**
 * What to tell about defaults that have changed; undefined where there is nothing to tell. It is told where connector.json names columns, and
 * where an earlier release delivered last; an installation that never knew the former defaults has nothing to keep.
 */
export function changedDefaultsText(
  { configFile, unwritten }: Told,
  lastShape: DeliveryShape | null,
): string | undefined {
  if (unwritten.length === 0) return undefined;
  const wasEarlier = lastShape !== null && lastShape.leavers === undefined;
  if (!wasEarlier && !unwritten.some(({ besideColumns }) => besideColumns)) return undefined;
  const named = unwritten.map(({ setting, before, now }) => `${setting} is "${now}" (before: "${before}")`);
  const place = configFile === null ? 'there is no connector.json' : 'connector.json does not name them';
  return `Since release 0.1.0 the default of ${unwritten.length} setting(s) has changed, and ${place}: ${named.join(', ')}. To keep the files as they were, write ${asWritten(unwritten)} in connector.json; to go on with the new ones, write those`;
}

/** The former values as connector.json has them. */
function asWritten(changed: readonly ChangedDefault[]): string {
  const root: Record<string, unknown> = {};
  for (const { setting, before } of changed) {
    const [last = '', ...sections] = setting.split('.').reverse();
    let inner = root;
    for (const section of sections.reverse()) inner = (inner[section] ??= {}) as Record<string, unknown>;
    inner[last] = before;
  }
  return JSON.stringify(root);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[part] : undefined,
    value,
  );
}
