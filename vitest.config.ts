import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/containers/**'], // npm run test:containers
    globalSetup: ['test/setup/build-dashboard.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
