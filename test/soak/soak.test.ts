import { expect, test } from 'vitest';
import { soak } from './soak.ts';

// The long form is `npm run soak`.
test('thirty days of faults, drawn at random, leave Spend Cloud with what the connector knows after every delivery', async () => {
  const delivered = await soak({ days: 30, seed: 1872 });
  expect(delivered).toBeGreaterThan(15);
}, 180_000);

test('so do ten days with leavers who are missing from the files, and an import that deactivates them', async () => {
  const delivered = await soak({ days: 10, seed: 1872, leavers: 'absent' });
  expect(delivered).toBeGreaterThan(5);
}, 120_000);
