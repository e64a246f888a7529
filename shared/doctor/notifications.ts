import type { Config } from '../config.ts';
import { channelsOf } from '../notify/channels.ts';
import { messageOf } from '../notify/notice.ts';
import { failed, notTried, ok, sayingOf, warning, type Step } from './step.ts';

/** Which channels there are; sends a test message on each if asked to. */
export async function checkNotifications(notify: Config['notify'], send: boolean): Promise<Step[]> {
  const channels = channelsOf(notify);
  if (channels.length === 0) {
    const says = 'Nobody hears of trouble. Set NOTIFY_WEBHOOK_URL, or SMTP_URL and NOTIFY_EMAIL';
    return [warning('notifications', says)];
  }
  const test = { title: 'this is a test', lines: ['Sent by: spendcloud doctor --notify'], next: null };
  const message = messageOf([test], null);
  return Promise.all(
    channels.map(async (channel) => {
      const name = `notifications: ${channel.name}`;
      if (!send) return notTried(name, 'set; --notify sends a test message');
      return channel.send(message, new AbortController().signal).then(
        () => ok(name, 'a test message was sent'),
        (error: unknown) => failed(name, sayingOf(error)),
      );
    }),
  );
}
