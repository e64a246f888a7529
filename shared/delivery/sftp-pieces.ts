import type { Session } from './sftp-session.ts';

/** Every server takes writes of this size; some cut larger ones short. */
export const pieceBytes = 32 * 1024;
/** Keeps a line with 20 ms of delay each way full. */
export const manyAtOnce = 64;

/** Makes the calls in their order, at most so many unanswered at once, and hands the answers over in that order. */
export async function pipelined<T>(
  calls: AsyncIterable<() => Promise<T>> | Iterable<() => Promise<T>>,
  atOnce: number,
  take: (answer: T) => unknown = () => undefined,
): Promise<void> {
  const unanswered: Promise<T>[] = [];
  for await (const call of calls) {
    const answer = call();
    answer.catch(() => undefined); // a failure is met when its turn comes
    unanswered.push(answer);
    const oldest = unanswered.length >= atOnce ? unanswered.shift() : undefined;
    if (oldest) take(await oldest);
  }
  for (const answer of unanswered) take(await answer);
}

export function close(session: Session, handle: Buffer): Promise<void> {
  return session.request((sftp, done) => sftp.close(handle, done));
}
