import type { Resource, ResourcesDecision } from '../domain/resources.ts';
import type { Caller } from './accounts.ts';
import type { AuditTrail } from './audit.ts';
import type { OpenDatabase } from './open.ts';
import type { Write } from './writer.ts';

export interface ResourceStore {
  /** Keeps what was decided, with its event: all or nothing. */
  record(decision: ResourcesDecision, caller: Caller): Promise<void>;
  /** Every department or title HelloID ever told of, in the byte order of the codes. */
  list(kind: Resource['kind']): Promise<Resource[]>;
}

// The trail says how many there were; what they are stands in the table.
const mostMessages = 100;

/** The departments and titles that HelloID knows. */
export function resourceStore(
  { writing, reading }: OpenDatabase,
  write: Write,
  audit: AuditTrail,
  now: () => Date,
): ResourceStore {
  const put = writing.prepare(
    `INSERT INTO resources (kind, code, name, first_at, last_at) VALUES (@kind, @code, @name, @at, @at)
     ON CONFLICT DO UPDATE SET name = @name, last_at = @at`,
  );
  const ofKind = reading.prepare<[string], Resource>(
    'SELECT kind, code, name FROM resources WHERE kind = ? ORDER BY code',
  );

  async function record({ kind, success, logs, resources }: ResourcesDecision, caller: Caller): Promise<void> {
    const { action, key, origin, requestId } = caller;
    const failures = logs.filter(({ isError }) => isError).map(({ message }) => message);
    const messages = [`Recorded ${resources.length} of ${logs.length} item(s)`, ...failures.slice(0, mostMessages)];
    await write(() => {
      const at = now().toISOString();
      for (const resource of resources) put.run({ ...resource, at });
      audit.append(at, action, null, {
        outcome: kind,
        success,
        reference: null,
        externalId: null,
        key,
        origin,
        requestId,
        before: null,
        after: null,
        messages,
      });
    });
  }

  return { record, list: async (kind) => ofKind.all(kind) };
}
