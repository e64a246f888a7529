import type { Acceptance, FoundAccess } from '../domain/kept-access.ts';
import type { Finding } from '../domain/run.ts';
import type { OpenDatabase } from './open.ts';

interface AcceptedRow extends Acceptance {
  code: string;
}

/** The findings of the newest run that was rendered, read once for each, and the kinds that persons accepted. */
export function foundAccess({ reading }: Pick<OpenDatabase, 'reading'>): () => FoundAccess {
  const newest = reading.prepare<[], { run: number; stamp: string }>(
    `SELECT id AS run, id || files || octet_length(findings) AS stamp FROM runs WHERE files <> '[]' ORDER BY id DESC LIMIT 1`,
  );
  const findingsOf = reading.prepare<[number], string>('SELECT findings FROM runs WHERE id = ?').pluck();
  const accepted = reading.prepare<[], AcceptedRow>(
    'SELECT code, until, accepted_at AS at, accepted_by AS by, reason FROM accepted_findings',
  );
  let known: { stamp: string; newest: FoundAccess['newest'] } | undefined;

  function newestRun(): FoundAccess['newest'] {
    const found = newest.get();
    if (!found) return undefined;
    const { run, stamp } = found;
    if (known?.stamp !== stamp) {
      const findings = JSON.parse(findingsOf.get(run) ?? '[]') as Finding[];
      known = { stamp, newest: { run, findings } };
    }
    return known.newest;
  }

  return () => ({
    newest: newestRun(),
    accepted: new Map(accepted.all().map(({ code, ...acceptance }) => [code, acceptance])),
  });
}
