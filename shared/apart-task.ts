import { AppError, reasonOf } from './errors.ts';
import type { FromApart, ToApart } from './apart.ts';

/** Asks the process that began this one. */
export type Ask = <Answer>(what: string, about: unknown) => Promise<Answer>;

/** In a process of its own: does the one task that is handed over, sends back what came of it, and ends. */
export function answerApart<Result>(work: (task: never, ask: Ask) => Promise<Result>): void {
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const send = (message: FromApart) => void process.send?.(message);
  let asked = 0;

  function ask<Answer>(what: string, about: unknown): Promise<Answer> {
    const number = (asked += 1);
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(number, { resolve, reject });
      send({ kind: 'ask', number, what, about });
    }) as Promise<Answer>;
  }

  async function answer(task: unknown): Promise<void> {
    try {
      send({ kind: 'result', result: await work(task as never, ask) });
    } catch (error) {
      if (error instanceof AppError) send({ kind: 'refused', code: error.code, message: error.message });
      else send({ kind: 'failed', name: reasonOf(error) });
    }
  }

  process.on('message', (message: ToApart) => {
    if (message.kind === 'task') void answer(message.task);
    else if (message.kind === 'answer') waiting.get(message.number)?.resolve(message.answer);
    else waiting.get(message.number)?.reject(new Error('no answer'));
  });
  process.once('disconnect', () => process.exit()); // nobody is left who could hear of it
}
