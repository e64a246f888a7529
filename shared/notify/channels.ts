import type { Config } from '../config.ts';
import { emailChannel } from './email.ts';
import type { Message } from './notice.ts';
import { webhookChannel } from './webhook.ts';

/** A way to reach people. */
export interface Channel {
  name: 'webhook' | 'e-mail';
  /** Throws an `AppError` that says what is wrong, with neither secret nor address; gives up when `stopping` says so. */
  send(message: Message, stopping: AbortSignal): Promise<void>;
}

// A channel that does not answer must not hold up the tick, nor the end of the program.
const longestSeconds = 10;

/** The channels that the settings name. */
export function channelsOf({ webhookUrl, smtpUrl, email }: Config['notify'], seconds = longestSeconds): Channel[] {
  return [
    ...(webhookUrl === null ? [] : [webhookChannel(webhookUrl, seconds)]),
    ...(smtpUrl === null || email === null ? [] : [emailChannel(smtpUrl, email, seconds)]),
  ];
}
