import { extname } from 'node:path';
import type { TrailHead } from './store/audit.ts';
import type { Broken, Verification } from './store/audit-verify.ts';
import { inWorker, type WorkerOptions } from './worker.ts';

/** What the worker thread gets. */
export interface VerifyTask extends Proof {
  part: 'trail' | 'file';
}

export interface Proof {
  databasePath: string;
  /** A head that was written down earlier. */
  known: TrailHead | null;
}

/** Walks the trail of a database file; a head that was written down earlier shows what the file alone cannot. */
export type VerifyAudit = (known: TrailHead | null) => Promise<Verification>;

/** One walk at a time, and who asks for the same meanwhile shares the next: however many ask, HelloID keeps its half of the machine. */
export function auditVerifier(databasePath: string, signal?: AbortSignal): VerifyAudit {
  const waiting = new Map<string, Promise<Verification>>();
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

/** The trail and the file it is in, side by side: each reads all of it. */
export async function verifyAudit(proof: Proof, { signal, onProgress }: WorkerOptions = {}): Promise<Verification> {
  const worker = new URL(`./verify-worker${extname(import.meta.url)}`, import.meta.url);
  const [trail, file] = await Promise.all([
    inWorker<Verification>(worker, { ...proof, part: 'trail' } satisfies VerifyTask, { signal, onProgress }),
    inWorker<Broken | null>(worker, { ...proof, part: 'file' } satisfies VerifyTask, { signal }),
  ]);
  return trail.ok ? (file ?? trail) : trail;
}
