import { caseless } from '../../shared/domain/account.ts';
import { readRows, usualPersons, usualRoles, type Leavers } from '../../demo/spend-cloud-files.ts';
import { demand } from './demand.ts';

/** Looks at the files of each run by themselves: what no file may say, whatever Spend Cloud makes of it. */
export interface FileJudge {
  /** What was rendered for a run. */
  see(run: number, persons: string, roles: string): void;
  /** The persons file of a run got its name at the far side. */
  arrived(run: number): void;
  /** Throws at what a delivered run must not hold. */
  judge(run: number, wasHeld: boolean): void;
}

interface Pair {
  active: string[];
  inactive: string[];
  /** Of every row, without case. */
  keys: string[];
  addresses: string[];
  withRoles: Set<string>;
}

export function fileJudge(leavers: Leavers): FileJudge {
  const pairs = new Map<number, Pair>();
  /** Keys, without case, that were active in a file at the far side. */
  const everActive = new Set<string>();
  let hadInactive = false;

  return {
    see(run, persons, roles) {
      const rows = readRows(persons, usualPersons[leavers]);
      const isActive = ({ status = '' }: { status?: string }) => status === '';
      pairs.set(run, {
        active: rows.filter(isActive).map(({ username }) => username),
        inactive: rows.filter((row) => !isActive(row)).map(({ username }) => username),
        keys: rows.map(({ username }) => caseless(username)),
        addresses: rows.map(({ email }) => email.toLowerCase()).filter((email) => email !== ''),
        withRoles: new Set(readRows(roles, usualRoles).map(({ username }) => caseless(username))),
      });
    },
    arrived(run) {
      for (const username of pairs.get(run)?.active ?? []) everActive.add(caseless(username));
    },
    judge(run, wasHeld) {
      const pair = pairs.get(run);
      demand(pair, `run ${run} was delivered, and nobody saw its files`);
      const { keys, addresses, inactive, withRoles } = pair;
      demand(new Set(keys).size === keys.length, `run ${run} has a key twice: ${twice(keys)}`);
      demand(new Set(addresses).size === addresses.length, `run ${run} has an address twice: ${twice(addresses)}`);
      for (const username of inactive) {
        demand(!withRoles.has(caseless(username)), `run ${run} has roles of ${username}, who is inactive`);
        demand(everActive.has(caseless(username)), `run ${run} has ${username} as inactive, who was never active`);
      }
      demand(
        hadInactive || inactive.length === 0 || wasHeld,
        `run ${run} has the first inactive rows, and was not held`,
      );
      hadInactive ||= inactive.length > 0;
    },
  };
}

function twice(list: readonly string[]): string {
  return list.find((item, index) => list.indexOf(item) !== index) ?? '';
}
