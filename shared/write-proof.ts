import { AppError } from './errors.ts';
import type { Facts } from './store/facts.ts';
import type { Writer } from './store/writer.ts';

export interface WriteProofParts {
  facts: Facts;
  writer: Pick<Writer, 'counts' | 'failure'>;
  /** Throws once the database's files are not what they were. */
  expectDatabase(): void;
  now: () => Date;
}

// Whoever asks for health needs no key, and each proof is a write to the disk that HelloID's calls wait for.
const restMilliseconds = 30_000;

/** Why the database takes no writes, as far as is known; undefined where it does. A proof is made at most every 30 seconds, for all who ask, and not where others wrote. */
export function writeProof({
  facts,
  writer,
  expectDatabase,
  now,
}: WriteProofParts): () => Promise<AppError | undefined> {
  let proven: { at: number; commits: number } | undefined;
  let proving: Promise<void> | undefined;

  function isOwed(): boolean {
    const { commits } = writer.counts;
    const age = proven ? Math.abs(now().getTime() - proven.at) : Infinity;
    if (age < restMilliseconds) return false;
    const othersWrote = proven !== undefined && commits > proven.commits && writer.failure() === undefined;
    if (othersWrote) proven = { at: now().getTime(), commits };
    return !othersWrote;
  }

  async function prove(): Promise<void> {
    const at = now();
    proven = { at: at.getTime(), commits: Infinity };
    try {
      await facts.set({ 'health-probe': at.toISOString() });
    } catch (error) {
      if (!(error instanceof AppError)) throw error; // the writer keeps what it foresaw
    } finally {
      proven = { at: at.getTime(), commits: writer.counts.commits };
    }
  }

  return async () => {
    try {
      expectDatabase();
      if (isOwed())
        proving ??= prove().finally(() => {
          proving = undefined;
        });
      await proving;
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
    return writer.failure();
  };
}
