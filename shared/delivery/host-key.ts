import { createHash } from 'node:crypto';

const keyType = /^(?:ssh|ecdsa|sk)-[\w@.-]+$/;

/** Reads the setting SFTP_HOST_KEY (fingerprints, public keys or known_hosts lines) into fingerprints; the Error thrown says which item is wrong. */
export function readHostKeys(text: string): string[] {
  const items = text.split(/\r?\n/).flatMap(itemsOfLine);
  if (items.length === 0) throw new Error('holds no host key');
  return items.map((item, index) => readItem(item, `item ${index + 1} of ${items.length}`));
}

/** As OpenSSH writes it: `SHA256:` and base64 without padding. `key` is the public key as it goes over the wire. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Commas separate items, and within a known_hosts line also the names of one host: those are left out here. */
function itemsOfLine(line: string): string[] {
  if (line.trimStart().startsWith('#')) return [];
  const pieces = line
    .split(',')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  return pieces.filter(
    (piece, index) => !(isName(piece) && isKnownHost(pieces.slice(index + 1).find((p) => !isName(p)))),
  );
}

function isName(piece: string): boolean {
  return !/\s|^SHA256:|^MD5:/i.test(piece);
}

function isKnownHost(piece = ''): boolean {
  return keyType.test(piece.split(/\s+/)[1] ?? '');
}

function readItem(item: string, label: string): string {
  const words = item.split(/\s+/);
  const given = words.find((word) => word.startsWith('SHA256:'));
  if (given !== undefined) return readFingerprint(given, label);

  if (item.includes('PRIVATE KEY')) throw new Error(`${label} is a private key; the server's public key belongs here`);
  if (item.startsWith('@')) throw new Error(`${label} carries the mark ${words[0] ?? ''}, which is not supported`);
  if (/(?:[0-9a-f]{2}:){15}[0-9a-f]{2}/i.test(item))
    throw new Error(`${label} is an MD5 fingerprint; ask for the SHA256 one`);

  const at = words.findIndex((word) => keyType.test(word));
  if (at < 0) throw new Error(`${label} is neither a SHA256 fingerprint nor a public key`);
  const key = Buffer.from(words[at + 1] ?? '', 'base64');
  if (!isWholeKey(key, words[at] ?? ''))
    throw new Error(`${label} is not a whole ${words[at] ?? ''} key: was it cut off?`);
  return fingerprint(key);
}

/** A public key on the wire is a row of fields, each behind its length in four bytes; the first is its type (RFC 4253, 6.6). */
function isWholeKey(key: Buffer, type: string): boolean {
  const fields: Buffer[] = [];
  let position = 0;
  while (position + 4 <= key.length) {
    const end = position + 4 + key.readUInt32BE(position);
    if (end > key.length) return false;
    fields.push(key.subarray(position + 4, end));
    position = end;
  }
  return position === key.length && fields.length > 1 && fields[0]?.toString() === type;
}

function readFingerprint(given: string, label: string): string {
  if (!/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(given)) {
    throw new Error(`${label} is not a whole fingerprint: 43 characters stand behind “SHA256:”`);
  }
  return given.replace('=', '');
}
