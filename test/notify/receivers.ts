import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface Hook {
  url: string;
  /** The bodies it got, in order. */
  bodies: { text: string }[];
  types: (string | undefined)[];
  /** What it answers from now on; null: nothing at all. */
  answer: number | null;
}

/** An incoming webhook on this machine. */
export async function startHook(): Promise<Hook> {
  const hook: Hook = { url: '', bodies: [], types: [], answer: 200 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (hook.answer === null) return;
      if (hook.answer < 300) hook.bodies.push(JSON.parse(body) as { text: string });
      hook.types.push(request.headers['content-type']);
      response.writeHead(hook.answer).end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/secret-of-the-hook`;
  return hook;
}

export interface MailServer {
  url: string;
  mails: { from: string; to: string[]; text: string }[];
}

/** A mail server on this machine, which takes the login `connector` with the password `mail-secret`. */
export async function startMailServer(): Promise<MailServer> {
  const mails: MailServer['mails'] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'connector' && password === 'mail-secret'
        ? done(null, { user: username })
        : done(new Error('Invalid username or password')),
    onData: (stream, { envelope }, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  server.on('error', () => undefined); // a client that breaks off is part of the tests
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = listening.address() as AddressInfo;
  return { url: `smtp://connector:mail-secret@127.0.0.1:${port}`, mails };
}

/** A port that takes connections and never says a word. */
export async function startSilence(): Promise<number> {
  const { createServer: listen } = await import('node:net');
  const open = new Set<Socket>();
  const server = listen((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
