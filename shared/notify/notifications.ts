import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { FactName, Facts } from '../store/facts.ts';
import type { TrailHead } from '../store/audit.ts';
import type { Watched } from '../watch.ts';
import type { Channel } from './channels.ts';
import { concernsNow, openDeliveries } from './concerns.ts';
import { emptyBook, newsFor, type Book, type Situation } from './news.ts';
import { messageOf } from './notice.ts';

export interface Notifications {
  /** Tells on every channel what it has not told yet; a message that cannot be sent is tried again by the next call. */
  tell(stopping: AbortSignal): Promise<void>;
  /** Why messages cannot be sent at present, for health. */
  failures(): string[];
}

export interface NotificationParts {
  channels: readonly Channel[];
  facts: Facts;
  trailHead: () => TrailHead;
  /** Keeps a head that was told, where the trail is compared with it later. */
  keepHead(head: TrailHead, channel: Channel['name']): void;
  log: Log;
}

const bookNames: Record<Channel['name'], FactName> = { webhook: 'told-by-webhook', 'e-mail': 'told-by-e-mail' };

/** Lets people hear of trouble and of its end, once each. */
export function notifications(
  { channels, facts, trailHead, keepHead, log }: NotificationParts,
  watched: Watched,
): Notifications {
  function bookOf({ name }: Channel): Book {
    const kept = facts.get(bookNames[name]);
    return kept === undefined ? emptyBook : { ...emptyBook, ...(JSON.parse(kept) as Partial<Book>) };
  }

  async function tell(stopping: AbortSignal): Promise<void> {
    if (channels.length === 0) return;
    const told = channels.flatMap((channel) => bookOf(channel).told);
    const situation: Situation = {
      concerns: await concernsNow(watched),
      openDeliveries: await openDeliveries(watched, told),
      lastDelivered: await watched.runs.lastDelivered(),
      lastCall: watched.activity.lastCall()?.toISOString() ?? null,
      now: watched.now(),
    };
    await Promise.all(channels.map((channel) => tellOn(channel, situation, stopping)));
  }

  async function tellOn(channel: Channel, situation: Situation, stopping: AbortSignal): Promise<void> {
    const before = bookOf(channel);
    const { notices, book } = newsFor(before, situation);
    try {
      if (notices.length > 0) {
        const head = trailHead();
        await channel.send(messageOf(notices, head), stopping);
        keepHead(head, channel.name);
        log.info({ channel: channel.name, notices: notices.length }, 'notification sent');
      }
      await keep(channel, before, book);
    } catch (error) {
      if (stopping.aborted) return; // told after the next start
      if (!(error instanceof AppError)) throw error;
      log.warn({ channel: channel.name, reason: error.message }, 'notification could not be sent');
      await keep(channel, before, { ...before, failure: error.message });
    }
  }

  async function keep(channel: Channel, before: Book, book: Book): Promise<void> {
    const text = JSON.stringify(book);
    if (text !== JSON.stringify(before)) await facts.set({ [bookNames[channel.name]]: text });
  }

  return {
    tell,
    failures: () =>
      channels.flatMap((channel) => {
        const { failure } = bookOf(channel);
        return failure === null ? [] : [`${failure}; it is tried again every five minutes`];
      }),
  };
}
