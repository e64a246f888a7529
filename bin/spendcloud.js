#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Checks Node before anything loads the database: an older Node would crash on it without a word.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(
    `Node ${process.versions.node} is too old: the connector needs Node 22.14 or newer (npm ci brings Node 24 along: use npm start, npm run, or npx spendcloud)\n`,
  );
  process.exit(2);
}
const built = new URL('../dist/cli/run.js', import.meta.url);
if (!existsSync(built)) {
  process.stderr.write('The program is not built yet: run npm run build\n');
  process.exit(2);
}
const { run } = await import(built);
await run(process.argv.slice(2));
