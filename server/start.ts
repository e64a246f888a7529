import type { Log } from '../shared/log.ts';
import { refuseOldNode } from '../shared/node-version.ts';
import { stopSignals } from './stop-signals.ts';

export interface StartOptions {
  /** Makes keys where there are none yet and prints them once; only `npm start` asks for it. */
  firstKeys: boolean;
}

/** Opens, listens, nudges the daily job; closes at a stop signal when what is in flight has been answered, or at a second one. */
export async function start({ firstKeys }: StartOptions): Promise<void> {
  refuseOldNode(); // before anything loads the database
  const [
    { loadConfig },
    { openApp },
    { buildServer, closeServer, cutOff },
    { startTimer },
    { routes },
    { makeFirstKeys, tellDashboard },
    { pino },
  ] = await Promise.all([
    import('../shared/config.ts'),
    import('../shared/app.ts'),
    import('./server.ts'),
    import('./timer.ts'),
    import('../functions/routes.ts'),
    import('./first-keys.ts'),
    import('pino'),
  ]);
  const config = loadConfig(process.env);
  const log: Log = pino({ level: config.logLevel, base: null });
  const app = await openApp(config, { log });
  const server = buildServer(app, routes);
  const address = await begin().catch(async (error: unknown) => {
    await closeServer(server);
    await app.close();
    throw error;
  });
  const timer = startTimer(app);
  let stopping = false;
  for (const signal of stopSignals(process.platform)) process.on(signal, () => void stop(signal));
  log.info({ address, dataDir: config.dataDir, delivery: config.delivery.kind }, 'listening');

  async function begin(): Promise<string> {
    const known = app.keys.list();
    const found = await server.listen({ host: config.server.host, port: config.server.port });
    if (firstKeys) {
      await makeFirstKeys(app, found);
      tellDashboard(found);
    } else if (known.length === 0)
      log.warn(
        {},
        'there are no keys, so every call is refused; make one with: spendcloud keys add NAME --scope agent',
      );
    return found;
  }

  async function stop(signal: string): Promise<void> {
    if (stopping) {
      cutOff(server); // asked twice: somebody does not want to wait
      return;
    }
    stopping = true;
    log.info({ signal }, 'stopping: answering what is in flight');
    timer.stop();
    await closeServer(server);
    await app.close();
    log.info({}, 'stopped');
  }
}
