import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { adopt } from '../../shared/takeover/adopt.ts';
import { temporaryFolder, testConfig } from '../helpers.ts';
import { employee, oldLife, type Employee, type OldLife, type Release } from '../legacy/old-life.ts';
import { exportOld } from './old-export.ts';

/** A generator of numbers that a seed repeats (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Years of joiners, leavers, returns, marriages, reused usernames and odd names. */
function randomLife(release: Release, seed: number): OldLife {
  const random = randomOf(seed);
  const life = oldLife(release);
  const working = new Map<string, Employee>();
  const gone: Employee[] = [];
  const usernames = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', "o'neil", 'i', 'j', 'k'];
  for (let step = 0; step < 70; step += 1) {
    const [chosen] = [...working.values()].slice(random(Math.max(working.size, 1)));
    const what = random(10);
    if (what < 4 || !chosen) {
      const number = String(1000 + step);
      const username = random(6) === 0 ? (usernames[random(usernames.length)] ?? 'x') : `p${number}`;
      const contracts: Employee['contracts'] = random(12) === 0 ? [] : [['Thuiszorg', 'Teamleider']];
      const one = employee(number, username, { contracts });
      life.create(one);
      working.set(number, one);
    } else if (what < 6) life.update(chosen);
    else if (what === 6) {
      const married = { ...chosen, username: `m${step}`, achternaam: 'De Vries' };
      working.set(chosen.number, married);
      life.update(married);
    } else if (what === 7 && gone.length > 0) {
      const back = gone.splice(random(gone.length), 1)[0] ?? chosen;
      life.create(back, { correlation: random(3) > 0 });
      working.set(back.number, back);
      if (random(2) === 0) life.update(back);
    } else {
      life.leave(chosen.number);
      working.delete(chosen.number);
      gone.push(chosen);
    }
    // HelloID holds nothing where a create was told as failed
    for (const number of working.keys())
      if (!life.references().some(({ externalId }) => externalId === number)) working.delete(number);
  }
  return life;
}

const lives = (['2.0.1', '2.0.3', '2.0.5'] as const).flatMap((release) =>
  [1, 2, 3, 4].map((seed) => ({ release, seed })),
);

test.each(lives)(
  'whatever happened under $release (seed $seed), a take-over explains all that changes, and locks out nobody unasked',
  { timeout: 120_000 },
  async ({ release, seed }) => {
    const life = randomLife(release, seed);
    const hasPassive = release === '2.0.5';
    const files = exportOld(life.path, ['Users.csv', 'Roles.csv'], hasPassive ? 7 : 6);
    const references = join(temporaryFolder(), 'references.csv');
    const held = life.references();
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const lines = held.map(({ externalId, reference }) => `${quoted(externalId)};${quoted(reference)}`);
    writeFileSync(references, ['externalId;reference', ...lines, ''].join('\n'));
    const leavers = hasPassive ? ('passive' as const) : ('absent' as const);
    const config = testConfig({ policy: {} });
    const order = {
      references,
      partial: false,
      unknown: 'disable' as const,
      leavers,
      writeConfig: true,
      decider: null,
    };
    const adoption = await adopt(config, { database: life.path, ...files, ...order });

    expect(adoption.kind === 'refused' ? adoption.why : []).toEqual([]);
    if (!('work' in adoption)) throw new Error(`it came to ${adoption.kind}`);
    const { proof, found } = adoption.work;
    expect(proof.differences.filter(({ cause }) => cause === 'unexplained')).toEqual([]);
    // only whom HelloID does not hold, or whom a person is asked about, loses access
    const asked = new Set(found.asks.map(({ username }) => username?.toLowerCase()));
    const numbers = new Set(held.map(({ externalId }) => externalId));
    const rows = adoption.before.old.persons;
    const lost = proof.differences
      .filter(({ file, change }) => file === 'persons' && change === 'deactivated')
      .filter(({ key }) => !asked.has(key.toLowerCase()))
      .filter(({ key }) =>
        rows.filter((row) => row.gebruikersnaam === key).every((row) => numbers.has(String(row.externalId))),
      );
    expect(lost).toEqual([]);
    // nobody gets access whom HelloID does not hold
    const got = proof.differences
      .filter(({ change }) => change === 'reactivated' || change === 'added')
      .filter(({ key }) => !rows.some((row) => row.gebruikersnaam === key && numbers.has(String(row.externalId))));
    expect(got).toEqual([]);
  },
);
