/** What `bin/spendcloud.js` does, on the sources. */
import { run } from '../cli/run.ts';

await run(process.argv.slice(2));
