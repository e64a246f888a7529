import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How much is measured. */
export interface Sizes {
  /** At least three, so that a median means something. */
  rounds: number;
  /** Of load, after a third of it to warm up. */
  seconds: number;
  persons: number;
  /** Of the two dumps. */
  roles: [number, number];
  /** Of the audit trail. */
  entries: number;
  /** Of the file that is delivered. */
  megabytes: number;
  /** Persons at which growth is looked at, the smallest first. */
  growth: [number, number, number];
}

export const sizes = {
  /** Proves in seconds that everything works; its figures mean little. */
  small: {
    rounds: 3,
    seconds: 0.6,
    persons: 300,
    roles: [450, 3000],
    entries: 3000,
    megabytes: 2,
    growth: [50, 100, 200],
  },
  full: {
    ...{ rounds: 3, seconds: 3, persons: 100_000, roles: [150_000, 1_000_000], entries: 1_000_000, megabytes: 50 },
    growth: [1000, 10_000, 100_000],
  },
} as const satisfies Record<string, { [Name in keyof Sizes]: Readonly<Sizes[Name]> }>;

/** What a row works with. */
export interface Bench {
  sizes: Sizes;
  /** An empty folder, gone at the end. */
  folder(): string;
  /** Says what is being done, beside the table. */
  tell(line: string): void;
}

export function openBench(wanted: Sizes, parent: string | undefined): Bench & { close(): void } {
  const home = mkdtempSync(join(parent ?? tmpdir(), 'spendcloud-bench-'));
  return {
    sizes: wanted,
    folder: () => mkdtempSync(join(home, 'data-')),
    tell: (line) => process.stderr.write(`${line}\n`),
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
