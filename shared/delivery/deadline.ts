import type { AppError } from '../errors.ts';

/** One try at a delivery, with an end in time. */
export interface Attempt {
  /** Aborts at the deadline, with the `AppError` as its reason: whoever holds a socket destroys it. */
  readonly signal: AbortSignal;
  /** What is going on, for messages: `sending Users.csv`. */
  doing: string;
  /** Set when it is known how it ended: the deadline then cuts the tidying up short, and changes the outcome no more. */
  settled: boolean;
}

/** Runs `work`, and rejects with `tooLate` when it has not settled after so many seconds, whatever it is waiting for. */
export async function beforeDeadline(
  seconds: number,
  tooLate: (doing: string) => AppError,
  work: (attempt: Attempt) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const attempt: Attempt = { signal: controller.signal, doing: 'starting', settled: false };
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = tooLate(attempt.doing);
      controller.abort(error);
      // The work rejects by itself, and has more to say; this is for work that waits for something that hears no signal.
      if (!attempt.settled) timer = setTimeout(reject, 1000, error);
    }, seconds * 1000);
  });
  try {
    await Promise.race([work(attempt), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
