import { extname } from 'node:path';
import type { TrailHead } from './store/audit.ts';
import type { Broken, ComparedHeads, Verification } from './store/audit-verify.ts';
import type { ProvenState } from './store/state-proof.ts';
import { inWorker, type WorkerOptions } from './worker.ts';

/** What the worker thread gets. */
export interface VerifyTask extends Proof {
  part: 'trail' | 'state';
}

export interface Proof {
  databasePath: string;
  /** A head that was written down earlier. */
  known: TrailHead | null;
}

/**
 * What was found of the trail; of heads that are kept beside the database, where there are some; and of how many accounts the trail does not tell, where there
 * are such. All others are as it left them.
 */
export type Verified = { ok: true; entries: number; head: string; heads?: ComparedHeads; untold?: number } | Broken;

/** Walks the trail of a database file; a head that was written down earlier shows what the file alone cannot. */
export type VerifyAudit = (known: TrailHead | null) => Promise<Verified>;

/** One walk at a time, and who asks for the same meanwhile shares the next: however many ask, HelloID keeps its half of the machine. */
export function auditVerifier(databasePath: string, signal?: AbortSignal): VerifyAudit {
  const waiting = new Map<string, Promise<Verified>>();
  let turn: Promise<unknown> = Promise.resolve();

  return (known) => {
    const question = JSON.stringify(known);
    const asked = waiting.get(question);
    if (asked) return asked;
    const walk = turn.then(() => {
      waiting.delete(question);
      return verifyAudit({ databasePath, known }, { signal });
    });
    waiting.set(question, walk);
    turn = walk.catch(() => undefined); // whoever asked hears of it
    return walk;
  };
}

/** The trail, and side by side with it the file it is in and the accounts and roles that it tells of. */
export async function verifyAudit(proof: Proof, { signal, onProgress }: WorkerOptions = {}): Promise<Verified> {
  const worker = new URL(`./verify-worker${extname(import.meta.url)}`, import.meta.url);
  const [trailed, proven] = await Promise.allSettled([
    inWorker<Verification>(worker, { ...proof, part: 'trail' } satisfies VerifyTask, { signal, onProgress }),
    inWorker<Broken | ({ ok: true } & ProvenState)>(worker, { ...proof, part: 'state' } satisfies VerifyTask, {
      signal,
    }),
  ]);
  if (trailed.status === 'rejected') throw trailed.reason;
  const trail = trailed.value;
  if (!trail.ok) return trail;
  if (proven.status === 'rejected') throw proven.reason;
  const state = proven.value;
  if (!state.ok) return state;
  return { ...trail, ...(state.untold > 0 && { untold: state.untold }) };
}
