import { generateKeyPairSync, hash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import ssh2, { type AuthContext, type AuthenticationType, type ParsedKey, type PublicKeyAuthContext } from 'ssh2';
import { fingerprint } from '../shared/delivery/host-key.ts';
import { serveFiles } from './sftp-files.ts';

/** Who may log in: with the password, with the key, or with either when both are given. */
export interface SftpLogin {
  username: string;
  password?: string;
  /** An OpenSSH public key line. */
  publicKey?: string;
}

export interface SftpServer {
  port: number;
  /** The fingerprint of its host key, which is new at every start: `SHA256:…`. */
  hostKey: string;
  /** Ends every session and stops listening. */
  close(): Promise<void>;
}

/** Serves one folder over SFTP on a free port of 127.0.0.1, in this process: for the demo and for tests, not for the world. */
export async function startSftpServer(folder: string, login: SftpLogin): Promise<SftpServer> {
  const hostKey = newKeyPair().privateKey;
  const authenticate = authenticator(login);
  const ssh = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connection.on('error', () => undefined); // a client that breaks off is no concern of the server
    connection.on('authentication', authenticate);
    connection.on('session', (accept) => accept().on('sftp', (open) => serveFiles(open(), folder)));
  });
  const sockets = new Set<Socket>();
  // ssh2's own listener leaves Nagle's algorithm on, and every answer would wait 40 ms
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');

  async function close(): Promise<void> {
    const closed = once(listener, 'close');
    listener.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  const { port } = listener.address() as AddressInfo;
  return { port, hostKey: fingerprint(parseKey(hostKey).getPublicSSH()), close };
}

/** A key pair for a login: PEM, and an OpenSSH public key line. Not made by ssh2, of whose ed25519 pairs it cannot read one in 256. */
export function newKeyPair(): { privateKey: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = parseKey(privateKey);
  return { privateKey, publicKey: `${key.type} ${key.getPublicSSH().toString('base64')}` };
}

function authenticator({ username, password, publicKey }: SftpLogin): (context: AuthContext) => void {
  const key = publicKey === undefined ? undefined : parseKey(publicKey);
  const methods: AuthenticationType[] = [
    ...(key ? ['publickey' as const] : []),
    ...(password === undefined ? [] : ['password' as const]),
  ];

  function admits(context: AuthContext): boolean {
    if (context.username !== username) return false;
    if (context.method === 'password') return password !== undefined && isEqual(context.password, password);
    return context.method === 'publickey' && key !== undefined && isSignedBy(key, context);
  }

  return (context) => {
    if (admits(context)) context.accept();
    else context.reject(methods);
  };
}

/** A client first asks whether a key would do, and signs only then. */
function isSignedBy(key: ParsedKey, { key: shown, blob, signature, hashAlgo }: PublicKeyAuthContext): boolean {
  if (!key.getPublicSSH().equals(shown.data)) return false;
  if (!signature || !blob) return true;
  const verified: unknown = key.verify(blob, signature, hashAlgo); // an Error when it cannot tell, whatever its type says
  return verified === true;
}

function isEqual(some: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', some, 'buffer'), hash('sha256', other, 'buffer'));
}

function parseKey(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}
