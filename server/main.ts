/** Starts the connector on our own server: `node server/main.ts`, or `spendcloud start`. */
import { run } from '../cli/run.ts';

await run(['start', ...process.argv.slice(2)]);
