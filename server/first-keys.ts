import type { App } from '../shared/app.ts';
import { scopes } from '../shared/keys.ts';

/** On the very first start: a key for each scope that has none, printed once for the person at the screen. */
export function makeFirstKeys({ keys, config, now }: App, address: string): void {
  if (keys.exist()) return;
  const held = new Set(keys.list().map(({ scope }) => scope));
  const made = scopes
    .filter((scope) => !held.has(scope))
    .map((scope) => [scope, keys.add(scope, scope, now())] as const);
  const lines = made.map(([scope, key]) => `  ${scope.padEnd(9)}${key}`);
  const destination = config.delivery.kind === 'folder' ? config.delivery.directory : `${config.delivery.host} by SFTP`;
  process.stdout.write(
    [
      '',
      `The connector listens at ${address}/api, keeps its data in ${config.dataDir}`,
      `and delivers to ${destination}.`,
      ...(lines.length > 0
        ? ['', 'Your keys, shown this once; send one in the header x-functions-key:', ...lines]
        : []),
      '',
      '',
    ].join('\n'),
  );
}
