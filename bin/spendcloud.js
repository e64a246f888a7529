#!/usr/bin/env node
// Checks Node before anything loads the database: an older Node would crash on it without a word.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(
    `Node ${process.versions.node} is too old: the connector needs Node 22.14 or newer (npm ci brings Node 24 along: use npm start, npm run, or npx spendcloud)\n`,
  );
  process.exit(2);
}
const { run } = await import('../dist/cli/run.js');
await run(process.argv.slice(2));
