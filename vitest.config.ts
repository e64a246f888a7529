import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

// Most tests start processes and threads of their own: what those load is stripped of its types and compiled once.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/containers/**'], // npm run test:containers
    globalSetup: ['test/setup/build-dashboard.ts'],
    maxWorkers: '100%', // they wait for programs as often as they work
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
