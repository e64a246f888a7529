import { AppError } from '../errors.ts';
import type { Channel } from './channels.ts';

/**
 * Posts `{"text": "…"}`, which Slack's incoming hooks and the incoming webhooks of Teams take as it is. A Teams workflow
 * has to be told to post the member `text`: its template expects a card.
 */
export function webhookChannel(url: string, seconds: number): Channel {
  return {
    name: 'webhook',
    async send({ text }, stopping) {
      const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), stopping]);
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ text }),
        redirect: 'manual', // a POST that is sent elsewhere would arrive as a GET
        signal,
      }).catch((error: unknown) => {
        throw unsent(unreachable(error, seconds), error);
      });
      await answer.body?.cancel();
      if (!answer.ok) throw unsent(`it answered ${answer.status}`);
    },
  };
}

function unreachable(error: unknown, seconds: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${seconds} seconds`;
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return `no connection (${cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code'})`;
}

function unsent(why: string, cause?: unknown): AppError {
  return new AppError('unavailable', `The webhook did not take a message: ${why}. Check NOTIFY_WEBHOOK_URL`, { cause });
}
