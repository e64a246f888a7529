import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** One page of static files that fit the strict Content-Security-Policy they are served with: nothing inline, nothing from elsewhere. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/api/dashboard/',
  logLevel: 'warn',
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0, // a data: address is not allowed
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
  },
});
