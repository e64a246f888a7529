import type { Decider, Finding, FreshFinding, ShownFinding } from '../domain/run.ts';
import { findingKey } from '../domain/findings.ts';
import type { OpenDatabase } from './open.ts';
import type { Write } from './writer.ts';

export interface FindingStore {
  /** With who has looked at each; those nobody has seen come first, the newest on top. */
  shown(findings: readonly Finding[]): ShownFinding[];
  markSeen(finding: FreshFinding, decider: Pick<Decider, 'by'>): Promise<void>;
}

interface SeenRow {
  code: string;
  reference: string;
  message: string;
  at: string;
  by: string;
}

export function findingStore({ writing, reading }: OpenDatabase, write: Write, now: () => Date): FindingStore {
  const all = reading.prepare<[], SeenRow>(
    'SELECT code, reference, message, seen_at AS at, seen_by AS by FROM seen_findings',
  );
  const mark = writing.prepare(
    'INSERT OR REPLACE INTO seen_findings (code, reference, message, seen_at, seen_by) VALUES (?, ?, ?, ?, ?)',
  );

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
    markSeen: ({ code, reference, message }, { by }) =>
      write(() => void mark.run(code, reference ?? '', message, now().toISOString(), by)),
  };
}
