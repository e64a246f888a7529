/** `npm run bench`: how fast the connector is, as ratios against references measured in the same run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { openBench, sizes, type Bench, type Sizes } from './bench.ts';
import { summary, type Row } from './measure.ts';
import { endProcesses } from './processes.ts';
import { creates } from './rows/creates.ts';
import { delivery } from './rows/delivery.ts';
import { dump } from './rows/dump.ts';
import { effect } from './rows/effect.ts';
import { growth } from './rows/growth.ts';
import { start } from './rows/start.ts';
import { underLoad } from './rows/under-load.ts';
import { verify } from './rows/verify.ts';
import { dashboardViews } from './rows/views.ts';
import { machine, short, table } from './table.ts';

const measurements: Record<string, (bench: Bench) => Promise<Row[]>> = {
  ...{ creates, dump, effect, delivery, 'under-load': underLoad, verify, start, growth, views: dashboardViews },
};

interface Options {
  size: keyof typeof sizes;
  only?: string[];
  json: string;
  folder?: string;
  rounds?: number;
  seconds?: number;
  persons?: number;
  entries?: number;
  megabytes?: number;
}

const program = new Command('bench')
  .description('Measures the build against references, side by side, and prints the ratios.')
  .addOption(
    new Option('--size <size>', 'small proves that it works, full is what counts')
      .choices(Object.keys(sizes))
      .default('full'),
  )
  .addOption(new Option('--only <names...>', 'measure only these').choices(Object.keys(measurements)))
  .option('--json <file>', 'where to write the figures', 'bench/results.json')
  .option(
    '--folder <folder>',
    'where the databases are made: a disk like that of DATA_DIR (default: the temporary folder)',
  )
  .option('--rounds <number>', 'rounds for each row, at least 3', Number)
  .option('--seconds <number>', 'of load in each round', Number)
  .option('--persons <number>', 'in the dumps', Number)
  .option('--entries <number>', 'in the audit trail', Number)
  .option('--megabytes <number>', 'to deliver', Number)
  .parse();
await main(program.opts<Options>());

async function main({ size, only, json, folder, ...given }: Options): Promise<void> {
  const wanted: Sizes = { ...structuredClone(sizes[size] as Sizes), ...given };
  if (!(wanted.rounds >= 3)) program.error('--rounds must be 3 or more: a median of fewer says nothing');
  const bench = openBench(wanted, folder);
  process.once('SIGINT', () => process.exit(130));
  process.once('exit', () => {
    endProcesses();
    bench.close();
  });
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(measurements)) {
    if (only && !only.includes(name)) continue;
    for (const row of await measure(bench)) {
      rows.push(row);
      bench.tell(`  ${row.what}: ${short(summary(row).ratio)} x`);
    }
  }
  console.log(`${machine()}\n\n${table(rows)}`);
  mkdirSync(dirname(json), { recursive: true });
  const results = rows.map((row) => ({ ...row, ...summary(row) }));
  writeFileSync(json, `${JSON.stringify({ machine: machine(), sizes: wanted, rows: results }, undefined, 2)}\n`);
}
