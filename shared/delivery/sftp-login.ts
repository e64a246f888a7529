import ssh2, {
  type AnyAuthMethod,
  type AuthenticationType,
  type ConnectConfig,
  type ParsedKey,
  type ServerHostKeyAlgorithm,
} from 'ssh2';
import { AppError } from '../errors.ts';
import { fingerprint } from './host-key.ts';
import type { SftpSettings } from './sftp.ts';

/** What the server showed of itself before it let us in or did not: what the library rejects with does not tell. */
export interface Shown {
  /** Its keys that are not pinned, also of earlier tries. */
  strangeKeys: HostKey[];
  /** The key it showed last, and whether that is a pinned one. */
  hostKey?: HostKey & { pinned: boolean };
  /** The last list of algorithms it offered: the one without a match, if there was none. */
  offer: string;
  /** The ways to log in that it still takes. */
  methods: string[];
  passwordExpired: boolean;
  letIn: boolean;
  error?: Error & { level?: string };
}

export interface HostKey {
  type: string;
  fingerprint: string;
}

export function nothingShown(strangeKeys: HostKey[] = []): Shown {
  return { strangeKeys, offer: '', methods: [], passwordExpired: false, letIn: false };
}

/** How ssh2 is to log in; fills `shown` as the server speaks. Throws `delivery-refused` for a private key that cannot be used. */
export function loginConfig(settings: SftpSettings, shown: Shown): ConnectConfig {
  const offered = 'Handshake: (remote) ';
  return {
    username: settings.username,
    readyTimeout: 0, // the attempt has a deadline of its own
    algorithms: { serverHostKey: { append: [], prepend: [], remove: shown.strangeKeys.flatMap(algorithmsFor) } },
    authHandler: nextMethod(settings, shown),
    hostVerifier(key: Buffer) {
      const hostKey = { type: typeOf(key), fingerprint: fingerprint(key) };
      const pinned = settings.hostKeys.includes(hostKey.fingerprint);
      shown.hostKey = { ...hostKey, pinned };
      if (!pinned) shown.strangeKeys.push(hostKey);
      return pinned;
    },
    debug(line) {
      if (line.startsWith(offered)) shown.offer = line.slice(offered.length);
    },
  };
}

/** Asks what the server takes, then tries the key and the password once each; some servers want both, one after the other. */
function nextMethod(settings: SftpSettings, shown: Shown) {
  const { username, password } = settings;
  const key = readPrivateKey(settings);
  const untried = new Set(['key', 'password']);

  return (methods: AuthenticationType[] | null): AnyAuthMethod | false => {
    if (!methods) return { type: 'none', username };
    shown.methods = methods;
    if (key && methods.includes('publickey') && untried.delete('key')) return { type: 'publickey', username, key };

    const byPassword = (['password', 'keyboard-interactive'] as const).find((method) => methods.includes(method));
    if (password === undefined || !byPassword || !untried.delete('password')) return false;
    if (byPassword === 'password') return { type: 'password', username, password };
    return {
      type: 'keyboard-interactive',
      username,
      prompt: (_name, _instructions, _language, prompts, answer) => answer(prompts.map(() => password)),
    };
  };
}

function readPrivateKey({ privateKey, passphrase }: SftpSettings): ParsedKey | undefined {
  if (privateKey === undefined) return undefined;
  const key = ssh2.utils.parseKey(privateKey, passphrase);
  if (!(key instanceof Error) && key.isPrivateKey()) return key;
  const why = key instanceof Error ? key.message : 'it is a public key';
  throw new AppError(
    'delivery-refused',
    `SFTP_PRIVATE_KEY cannot be used: ${why}. Check it and SFTP_PASSPHRASE; it must be an OpenSSH or PEM private key.`,
  );
}

/** A public key on the wire begins with the length and the name of its type. */
function typeOf(key: Buffer): string {
  return key.length < 4 ? '' : key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

function algorithmsFor({ type }: HostKey): ServerHostKeyAlgorithm[] {
  return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type as ServerHostKeyAlgorithm];
}
