/** One tick of the daily job in a process of its own, to be killed: settings from the environment, the time from NOW. */
import { openApp } from '../../shared/app.ts';
import { loadConfig } from '../../shared/config.ts';
import { silent } from '../../shared/log.ts';

const at = new Date(process.env.NOW ?? '');
const app = await openApp(loadConfig(process.env, process.cwd()), { log: silent, now: () => new Date(at) });
await app.daily.tick();
await app.close();
