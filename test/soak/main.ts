/**
 * The long forms, by `npm run soak`: 500 days of faults, then a line that is cut nearly everywhere. `npm run soak -- SEED DAYS` draws
 * other days, and leaves it at that. `--leavers absent` has leavers missing from the file, and a Spend Cloud that deactivates who is
 * missing; `--calm` draws no faults, so that many more days fit in the same time.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

const { values, positionals } = parseArgs({
  options: { leavers: { type: 'string', default: 'passive' }, calm: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const { leavers, calm } = values;
if (leavers !== 'passive' && leavers !== 'absent') throw new Error('--leavers is passive or absent');
const given = positionals.map(Number);
const [seed = 1872, days = 500] = given;
console.log(`A soak of ${days} days with seed ${seed}; leavers are ${leavers}`);
const delivered = await soak({ days, seed, leavers, calm, tell: (line) => console.log(line) });
console.log(`${delivered} runs delivered; after each of them Spend Cloud knew what the connector knew.`);

if (given.length === 0) {
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const options = { stdio: 'inherit', env: { ...process.env, SOAK: '1' } } as const;
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/delivery/sftp-cut.test.ts'], options);
  process.exitCode = status ?? 1;
}
