import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes } from '../../../functions/routes.ts';
import { buildServer } from '../../../server/server.ts';
import { openApp } from '../../../shared/app.ts';
import { silent } from '../../../shared/log.ts';
import { client, testConfig, type TestServer } from '../../helpers.ts';

/** How many bodies a test sends, `PROPERTY_BODIES`; and which ones, `PROPERTY_SEED`: the same each time unless it says otherwise. */
export const bodies = Number(process.env.PROPERTY_BODIES ?? 500);
export const seed = Number(process.env.PROPERTY_SEED ?? 20_261_123);
/** How many bodies one server gets, one after the other. */
export const together = 25;
export const timeout = 60_000 + bodies * 100;
/** A failure is made smaller as long as there is time. */
export const limits = { interruptAfterTimeLimit: timeout - 20_000, markInterruptAsFailure: true };

export type Server = Pick<TestServer, 'get' | 'post' | 'app'>;

/** A server on data of its own, gone before the next one starts. */
export async function withServer(policy: object, work: (server: Server) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-test-'));
  const app = await openApp(testConfig({ policy, environment: { DATA_DIR: folder } }), { log: silent });
  const server = buildServer(app, routes);
  try {
    await work({ app, ...client(await server.listen({ host: '127.0.0.1', port: 0 })) });
  } finally {
    await server.close();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
