import { BlockList, isIP } from 'node:net';

/** Where a call came from: the other end of the connection, null where a host does not tell it, and what proxies on the way noted. */
export interface CallPath {
  peer: string | null;
  forwardedFor: string | null;
}

/**
 * The address of who called. Each proxy puts the address that it saw behind those it was told; so they are read from the end, for as long as the one before is
 * of a proxy that is trusted: what stands before that, anybody can invent. Null where it cannot be told.
 */
export function callerAddress({ peer, forwardedFor }: CallPath, proxies: readonly string[]): string | null {
  const trusted = listOf(proxies);
  const noted = (forwardedFor ?? '').split(',').map(withoutPort);
  // behind the Functions host the other end is the host itself, and what it was told counts where anybody is trusted at all
  let address = peer === null ? (proxies.length > 0 ? noted.pop() : undefined) : withoutPort(peer);
  while (address !== undefined && isTrusted(address, trusted) && (noted.at(-1) ?? '') !== '') address = noted.pop();
  return address !== undefined && isIP(address) !== 0 ? address : null;
}

const lists = new WeakMap<readonly string[], BlockList>();

/** Addresses and networks as they stand in the settings; made once for each start. */
function listOf(networks: readonly string[]): BlockList {
  const known = lists.get(networks);
  if (known) return known;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  lists.set(networks, list);
  return list;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const version = isIP(address);
  return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** `10.0.0.7:5100`, `[2001:db8::1]:5100` and `::ffff:10.0.0.7` as plain addresses. */
function withoutPort(text: string): string {
  const plain = /^\s*(?:\[([^\]]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+|(\S+))\s*$/.exec(text);
  const address = plain?.[1] ?? plain?.[2] ?? plain?.[3] ?? '';
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
