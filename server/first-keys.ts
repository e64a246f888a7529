import type { App } from '../shared/app.ts';
import { scopes } from '../shared/keys.ts';

/** Where the dashboard is; printed at every `npm start`, for the person at the screen. */
export function tellDashboard(address: string): void {
  process.stdout.write(`The dashboard: ${address}/api/dashboard\n\n`);
}

/** On the very first start: a key for each scope that has none, printed once for the person at the screen. */
export async function makeFirstKeys({ keys, config }: App, address: string): Promise<void> {
  if (keys.exist()) return;
  const held = new Set(keys.list().map(({ scope }) => scope));
  const lines: string[] = [];
  for (const scope of scopes.filter((one) => !held.has(one)))
    lines.push(`  ${scope.padEnd(9)}${await keys.add(scope, scope)}`);
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
