import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { routes } from '../functions/routes.ts';
import { buildServer } from '../server/server.ts';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import { silent } from '../shared/log.ts';
import { newKeyPair, startSftpServer } from './sftp-server.ts';
import type { Leavers } from './spend-cloud-files.ts';

/** The real connector behind its real server, and the SFTP server it delivers to, all in this process and one folder. */
export interface Stage {
  app: App;
  /** Of the connector, without `/api`. */
  address: string;
  keys: { agent: string; operator: string };
  clock: Clock;
  /** Where the SFTP server keeps what was delivered. */
  inbox: string;
  close(): Promise<void>;
}

/** A clock that stands still until it is set. */
export interface Clock {
  now: () => Date;
  set: (time: string) => void;
}

/** Opens everything on free ports of 127.0.0.1; `folder` exists, and is the caller's to remove after `close`. */
export async function openStage(folder: string, startsAt: string, leavers: Leavers = 'passive'): Promise<Stage> {
  const inbox = join(folder, 'sftp', 'inbox');
  await mkdir(inbox, { recursive: true });
  if (leavers !== 'passive')
    await writeFile(join(folder, 'connector.json'), JSON.stringify({ spendCloud: { leavers } })); // the other way needs no settings
  const keys = { agent: newKey(), operator: newKey() };
  const clock = clockAt(startsAt);
  const closing: (() => Promise<void>)[] = [];

  async function close(): Promise<void> {
    for (const end of closing.splice(0).reverse()) await end();
  }

  try {
    const login = newKeyPair();
    const sftp = await startSftpServer(join(folder, 'sftp'), { username: 'waterrijk', publicKey: login.publicKey });
    closing.push(() => sftp.close());
    const settings = {
      DATA_DIR: join(folder, 'data'),
      AGENT_KEY: keys.agent,
      OPERATOR_KEY: keys.operator,
      DELIVERY: 'sftp',
      SFTP_HOST: '127.0.0.1',
      SFTP_PORT: String(sftp.port),
      SFTP_USERNAME: 'waterrijk',
      SFTP_PRIVATE_KEY: login.privateKey,
      SFTP_HOST_KEY: sftp.hostKey,
      SFTP_DIRECTORY: 'inbox',
    };
    const app = await openApp(loadConfig(settings, folder), { log: silent, now: clock.now });
    closing.push(() => app.close());
    const server = buildServer(app, routes);
    closing.push(() => server.close());
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    return { app, address, keys, clock, inbox, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Both delivered files, as they lie on the SFTP server. */
export interface Delivered {
  persons: string;
  roles: string;
}

export async function readDelivered(inbox: string): Promise<Delivered> {
  const [persons, roles] = await Promise.all(['Users.csv', 'Roles.csv'].map((name) => readFile(join(inbox, name))));
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  return { persons: utf8.decode(persons), roles: utf8.decode(roles) };
}

function newKey(): string {
  return randomBytes(32).toString('base64url');
}

function clockAt(startsAt: string): Clock {
  let time = new Date(startsAt);
  return { now: () => new Date(time), set: (next) => void (time = new Date(next)) };
}
