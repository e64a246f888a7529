import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Algorithms, type Attributes, type AuthContext, type Connection, type SFTPWrapper } from 'ssh2';
import { newKeyPair } from '../demo/sftp-server.ts';
import { fingerprint } from '../shared/delivery/host-key.ts';

export const { STATUS_CODE: status } = ssh2.utils.sftp;

/** One request as the server got it, for a test that wants it answered wrongly, late or not at all. */
export interface Request {
  name: 'OPEN' | 'WRITE' | 'READ' | 'CLOSE' | 'STAT' | 'RENAME' | 'REMOVE' | 'OPENDIR' | 'READDIR';
  id: number;
  /** As the client named it; for a request on an open file, the name it was opened by. */
  path: string;
  /** Where a RENAME goes. */
  to: string;
  /** What a WRITE carries: a test may spoil it. */
  data: Buffer;
  /** How much a READ asks for: a test may give less. */
  length: number;
  /** How many writes were unanswered when this request came. */
  unanswered: number;
  sftp: SFTPWrapper;
  connection: Connection;
}

export interface Ssh2ServerOptions {
  /** Sees each request first; `true` means: dealt with. Without it the server behaves. */
  misbehave?: (request: Request) => boolean;
  /** Decides about each try to log in; the default takes the password `secret`. */
  logIn?: (context: AuthContext) => void;
  algorithms?: Algorithms;
}

export interface Ssh2Server {
  port: number;
  fingerprint: string;
  /** The root of what clients see, and what a test looks into. */
  directory: string;
  /** The requests in order: `WRITE .Users.csv.1.partial`. */
  requests: string[];
  stop(): Promise<void>;
}

/** An SFTP server in this process that can be told to misbehave, as OpenSSH cannot. It knows none of OpenSSH's extensions. */
export async function startSsh2Server(options: Ssh2ServerOptions = {}): Promise<Ssh2Server> {
  const { misbehave = () => false, logIn = takesPassword, algorithms } = options;
  const directory = mkdtempSync(join(tmpdir(), 'ssh2-server-'));
  const hostKey = newKeyPair();
  const requests: string[] = [];
  const connections = new Set<Connection>();

  const server = new ssh2.Server(
    { hostKeys: [hostKey.privateKey], ...(algorithms && { algorithms }) },
    (connection) => {
      connections.add(connection);
      socketOf(connection).setNoDelay(true); // else each answer waits some 40 ms
      connection.on('close', () => connections.delete(connection));
      connection.on('error', () => undefined); // a client that breaks off is part of the tests
      connection.on('authentication', logIn);
      connection.on('session', (accept) => {
        accept().on('sftp', (acceptSftp) => {
          serve(acceptSftp(), connection, directory, (request) => {
            requests.push(`${request.name} ${request.path}`);
            return misbehave(request);
          });
        });
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const publicKey = ssh2.utils.parseKey(hostKey.publicKey);
  if (publicKey instanceof Error) throw publicKey;
  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: fingerprint(publicKey.getPublicSSH()),
    directory,
    requests,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const connection of connections) cut(connection);
      await closed;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Breaks the connection off without a goodbye. */
export function cut(connection: Connection): void {
  socketOf(connection).destroy();
}

/** ssh2 keeps it to itself. */
function socketOf(connection: Connection): Socket {
  return (connection as unknown as { _sock: Socket })._sock;
}

function takesPassword(context: AuthContext): void {
  if (context.method === 'password' && context.password === 'secret') context.accept();
  else context.reject(['password']);
}

function serve(
  sftp: SFTPWrapper,
  connection: Connection,
  root: string,
  takenOver: (request: Request) => boolean,
): void {
  const open = new Map<number, { path: string; descriptor: number }>();
  let nextHandle = 0;
  let unanswered = 0;

  const handleTo = (path: string, descriptor: number): Buffer => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(nextHandle);
    open.set(nextHandle, { path, descriptor });
    nextHandle += 1;
    return handle;
  };
  const opened = (handle: Buffer): { path: string; descriptor: number } => {
    const found = open.get(handle.readUInt32BE());
    if (!found) throw new Error('no such handle');
    return found;
  };
  /** Answers with what `work` does; it returns whether it has answered itself. */
  const answer = (
    given: Partial<Request> & Pick<Request, 'name' | 'id' | 'path'>,
    work: (request: Request) => unknown,
  ): void => {
    const request = { to: '', data: Buffer.alloc(0), length: 0, unanswered, sftp, connection, ...given };
    if (takenOver(request)) return;
    try {
      if (work(request) !== true) sftp.status(request.id, status.OK);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      sftp.status(request.id, code === 'ENOENT' ? status.NO_SUCH_FILE : status.FAILURE);
    }
  };
  const here = (path: string): string => join(root, path);

  sftp.on('error', () => undefined);
  sftp.on('OPEN', (id, path, flags) =>
    answer({ name: 'OPEN', id, path }, () => {
      const descriptor = openSync(here(path), ssh2.utils.sftp.flagsToString(flags) ?? 'r');
      sftp.handle(id, handleTo(path, descriptor));
      return true;
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) => {
    const { path, descriptor } = opened(handle);
    answer({ name: 'WRITE', id, path, data }, () => {
      writeSync(descriptor, data, 0, data.length, offset);
      unanswered += 1;
      setImmediate(() => {
        unanswered -= 1;
        sftp.status(id, status.OK);
      });
      return true;
    });
  });
  sftp.on('READ', (id, handle, offset, length) => {
    const { path, descriptor } = opened(handle);
    answer({ name: 'READ', id, path, length }, (request) => {
      const buffer = Buffer.alloc(request.length);
      const read = readSync(descriptor, buffer, 0, request.length, offset);
      if (read === 0) sftp.status(id, status.EOF);
      else sftp.data(id, buffer.subarray(0, read));
      return true;
    });
  });
  sftp.on('CLOSE', (id, handle) => {
    const { path, descriptor } = opened(handle);
    open.delete(handle.readUInt32BE());
    answer({ name: 'CLOSE', id, path }, () => {
      if (descriptor >= 0) closeSync(descriptor);
    });
  });
  sftp.on('STAT', (id, path) =>
    answer({ name: 'STAT', id, path }, () => {
      sftp.attrs(id, attributes(statSync(here(path))));
      return true;
    }),
  );
  sftp.on('RENAME', (id, path, to) => answer({ name: 'RENAME', id, path, to }, () => renameSync(here(path), here(to))));
  sftp.on('REMOVE', (id, path) => answer({ name: 'REMOVE', id, path }, () => rmSync(here(path))));
  sftp.on('OPENDIR', (id, path) =>
    answer({ name: 'OPENDIR', id, path }, () => {
      sftp.handle(id, handleTo(path, -1));
      return true;
    }),
  );
  const listed = new Set<number>();
  sftp.on('READDIR', (id, handle) => {
    const { path } = opened(handle);
    answer({ name: 'READDIR', id, path }, () => {
      const number = handle.readUInt32BE();
      const names = listed.has(number) ? [] : readdirSync(here(path));
      listed.add(number);
      if (names.length === 0) sftp.status(id, status.EOF);
      else
        sftp.name(
          id,
          names.map((name) => entry(name, statSync(join(here(path), name)))),
        );
      return true;
    });
  });
}

function entry(name: string, stats: Stats): { filename: string; longname: string; attrs: Attributes } {
  return { filename: name, longname: name, attrs: attributes(stats) };
}

function attributes({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}
