import type { Decider, Finding, FreshFinding, ShownFinding } from '../domain/run.ts';
import { findingKey } from '../domain/findings.ts';
import type { AccessCode, FoundAccess } from '../domain/kept-access.ts';
import { aboutNoAccount, type AuditTrail } from './audit.ts';
import { foundAccess } from './found-access.ts';
import type { OpenDatabase } from './open.ts';
import type { Origin } from './usernames.ts';
import type { Write } from './writer.ts';

export interface FindingStore {
  /** With who has looked at each; those nobody has seen come first, the newest on top. */
  shown(findings: readonly Finding[]): ShownFinding[];
  markSeen(finding: FreshFinding, decider: Pick<Decider, 'by'>): Promise<void>;
  /** What is known of people who have access and should perhaps not. */
  access(): FoundAccess;
  /** A person takes responsibility for a kind of those, up to and with a day; a later word takes the place of an earlier one. Gives the time, UTC. */
  accept(code: AccessCode, until: string, decider: Decider, origin: Origin): Promise<string>;
}

interface SeenRow {
  code: string;
  reference: string;
  message: string;
  at: string;
  by: string;
}

export function findingStore(
  { writing, reading }: OpenDatabase,
  write: Write,
  audit: AuditTrail,
  now: () => Date,
): FindingStore {
  const all = reading.prepare<[], SeenRow>(
    'SELECT code, reference, message, seen_at AS at, seen_by AS by FROM seen_findings',
  );
  const mark = writing.prepare(
    'INSERT OR REPLACE INTO seen_findings (code, reference, message, seen_at, seen_by) VALUES (?, ?, ?, ?, ?)',
  );

  const setAccepted = writing.prepare(
    'INSERT OR REPLACE INTO accepted_findings (code, until, accepted_at, accepted_by, reason) VALUES (?, ?, ?, ?, ?)',
  );

  function accept(code: AccessCode, until: string, { by, reason }: Decider, { key, requestId }: Origin): string {
    const at = now().toISOString();
    setAccepted.run(code, until, at, by, reason);
    const messages = [`Findings [${code}] are accepted until ${until}`, `${by} decided. Reason: ${reason}`];
    const outcome = 'accept-finding';
    audit.append(at, outcome, null, {
      ...aboutNoAccount({ outcome, success: true, key, messages, by, reason }),
      ...{ requestId, origin: 'operator' },
    });
    return at;
  }

  function shown(findings: readonly Finding[]): ShownFinding[] {
    const seen = new Map(all.all().map(({ at, by, ...finding }) => [findingKey(finding), { at, by }]));
    const found = findings.map((finding) => ({ ...finding, seen: seen.get(findingKey(finding)) ?? null }));
    return found.sort(
      (a, b) =>
        Number(a.seen !== null) - Number(b.seen !== null) || (a.since < b.since ? 1 : a.since > b.since ? -1 : 0),
    );
  }

  return {
    shown,
    access: foundAccess({ reading }),
    accept: (code, until, decider, origin) => write(() => accept(code, until, decider, origin)),
    markSeen: ({ code, reference, message }, { by }) =>
      write(() => void mark.run(code, reference ?? '', message, now().toISOString(), by)),
  };
}
