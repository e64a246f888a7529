import { createHash } from 'node:crypto';

const publicKey = /(?:^|\s)((?:ssh|ecdsa|sk)-[\w@.-]+)\s+([A-Za-z0-9+/]+=*)(?:\s|$)/;

/**
 * The `SHA256:…` fingerprints in a text of fingerprints, OpenSSH public key lines or known_hosts lines, separated by commas
 * or line ends. Throws an Error that names the item that is none of these.
 */
export function readHostKeys(text: string): string[] {
  const items = text.split(/\r?\n/).flatMap(itemsOfLine);
  if (items.length === 0) throw new Error('there is no host key');
  return [
    ...new Set(
      items.map((item, index) => fingerprintOf(item, `item ${index + 1} (${JSON.stringify(item.slice(0, 40))})`)),
    ),
  ];
}

function itemsOfLine(line: string): string[] {
  if (line.trimStart().startsWith('#')) return [];
  const items: string[] = [];
  let hosts = '';
  for (const part of line.split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    // A known_hosts line has commas between the names of its host, before the key.
    if (!/\s/.test(part) && !part.startsWith('SHA256:')) hosts += `${part},`;
    else {
      items.push(hosts + part);
      hosts = '';
    }
  }
  return hosts === '' ? items : [...items, hosts.slice(0, -1)];
}

function fingerprintOf(item: string, name: string): string {
  const fingerprint = /^SHA256:([A-Za-z0-9+/]{43})=?$/.exec(item)?.[1];
  if (fingerprint !== undefined) return `SHA256:${fingerprint}`;
  if (item.startsWith('SHA256:')) throw new Error(`${name} is not a whole SHA256 fingerprint of 43 characters`);
  if (item.startsWith('@')) throw new Error(`${name} has a marker, and only plain host keys are taken`);

  const [, type, base64] = publicKey.exec(item) ?? [];
  if (type === undefined || base64 === undefined)
    throw new Error(`${name} is neither a SHA256 fingerprint nor a public key line`);
  const key = Buffer.from(base64, 'base64');
  if (!isWhole(key, type)) throw new Error(`${name} is a damaged or cut off public key`);
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=$/, '')}`;
}

/** A public key is a row of strings, each after its length; the first is the type (RFC 4253, 6.6). */
function isWhole(key: Buffer, type: string): boolean {
  let offset = 0;
  let strings = 0;
  while (offset + 4 <= key.length) {
    const end = offset + 4 + key.readUInt32BE(offset);
    if (strings === 0 && key.toString('latin1', offset + 4, end) !== type) return false;
    offset = end;
    strings += 1;
  }
  return offset === key.length && strings > 1;
}
