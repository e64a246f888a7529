import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import type { AppError } from '../errors.ts';
import type { Attempt } from './deadline.ts';
import { connecting, loginError, lost, unreachable } from './sftp-errors.ts';
import { loginConfig, nothingShown, type HostKey, type Shown } from './sftp-login.ts';
import { isStatus } from './sftp-status.ts';
import type { SftpSettings } from './sftp.ts';

/** How long the server may take to say goodbye, in milliseconds. */
const farewell = 5000;

/** How long one address of a name may take before the next is tried: the 250 milliseconds of Node are too few for a far server, whose other address may be dead. */
const patienceSeconds = 10;

/** One login at the far side. Once it is lost, nothing that waits for it waits on. */
export interface Session {
  readonly settings: SftpSettings;
  readonly attempt: Attempt;
  /** Rejects with a `StatusError` when the server says no, and with the `AppError` that says why when the session is lost. */
  request<T = void>(send: (sftp: SFTPWrapper, done: (error?: Error | null, answer?: T) => void) => void): Promise<T>;
  isLost(): boolean;
  end(): Promise<void>;
}

/** Logs in. Throws an `AppError` that tells the ways to fail apart; what the server showed on the way goes into `watch`. */
export async function openSession(settings: SftpSettings, attempt: Attempt, watch?: Shown): Promise<Session> {
  const strangeKeys: HostKey[] = [];
  for (;;) {
    const before = strangeKeys.length;
    const shown = nothingShown(strangeKeys);
    try {
      return await tryToOpen(settings, attempt, shown);
    } catch (error) {
      // A server has one key of each type, and shows the type we name first: the pinned one may be of another.
      const [strange, ...earlier] = strangeKeys.toReversed();
      if (strangeKeys.length === before || earlier.some(({ type }) => type === strange?.type)) throw error;
    } finally {
      if (watch) Object.assign(watch, shown);
    }
  }
}

/** With a socket and a client of its own. */
async function tryToOpen(settings: SftpSettings, attempt: Attempt, shown: Shown): Promise<Session> {
  const { signal } = attempt;
  let reason: AppError | undefined;
  const waiting = new Set<(reason: AppError) => void>();
  const lose = (cause?: unknown): AppError => {
    reason ??= signal.aborted ? (signal.reason as AppError) : lost(settings, attempt.doing, cause);
    for (const reject of waiting) reject(reason);
    waiting.clear();
    return reason;
  };

  const client = new SftpClient('delivery', { error: lose, end: lose, close: lose });
  const { socket, sftp } = await logIn(client, settings, attempt, shown);
  sftp.on('error', lose).on('end', lose).on('close', lose);

  return {
    settings,
    attempt,
    isLost: () => reason !== undefined,

    request: (send) =>
      new Promise((resolve, reject) => {
        if (reason) {
          reject(reason);
          return;
        }
        send(sftp, (error, answer) => {
          waiting.delete(reject);
          if (!error) resolve(answer as never);
          else reject(isStatus(error) ? error : lose(error));
        });
        waiting.add(reject);
      }),

    async end() {
      const limit = setTimeout(() => socket.destroy(), farewell);
      if (!reason) await client.end().catch(() => undefined);
      clearTimeout(limit);
      socket.destroy();
    },
  };
}

type LoggedIn = { socket: Socket; sftp: SFTPWrapper };

async function logIn(client: SftpClient, settings: SftpSettings, attempt: Attempt, shown: Shown): Promise<LoggedIn> {
  const config = loginConfig(settings, shown);

  attempt.doing = connecting;
  const socket = await reach(settings, attempt.signal);
  client.on('error', (error: Error) => (shown.error ??= error));
  client.on('ready', () => (shown.letIn = true));
  client.on('change password', () => {
    shown.passwordExpired = true;
    socket.destroy(); // the server would wait for the new one
  });

  attempt.doing = 'logging in';
  try {
    return { socket, sftp: await client.connect({ ...config, sock: socket }) };
  } catch (error) {
    socket.destroy();
    throw attempt.signal.aborted ? (attempt.signal.reason as AppError) : loginError(settings, shown, error);
  }
}

/** A socket of our own: without Nagle's algorithm an upload is many times faster, and at the deadline the signal destroys it. */
async function reach(settings: SftpSettings, signal: AbortSignal): Promise<Socket> {
  const { host, port, deadlineSeconds } = settings;
  const perAddress = Math.ceil(1000 * Math.min(patienceSeconds, deadlineSeconds / 3)); // so that there is time for another
  const socket = connect({ host, port, noDelay: true, signal, autoSelectFamilyAttemptTimeout: perAddress });
  socket.on('error', () => undefined); // others hear it too, but an error while nobody listens would end the process
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw signal.aborted ? (signal.reason as AppError) : unreachable(settings, error);
  }
  return socket;
}
