import type { Baseline } from '../shared/daily/baseline.ts';
import type { Decider } from '../shared/domain/run.ts';
import type { BaselineNote } from '../shared/export/delivered-rows.ts';
import { withApp } from './decide.ts';
import { printable, say } from './screen.ts';

const mostOnScreen = 20;

const told: Record<BaselineNote['kind'], string> = {
  'unknown-person':
    'line(s) of people without an account here: the first delivery deactivates them, unless HelloID creates them before',
  'no-key': 'line(s) that name nobody, left out',
  'same-person': 'line(s) of a person who stands on a later line as well, left out',
  'both-states': 'line(s) of a person who is active on one line and inactive on another; the last line counts',
  'other-casing': 'line(s) of a username that stands on another line in other casing: two employees for Spend Cloud',
  'role-of-inactive': 'line(s) with a role of somebody who is not active any more, left out',
  'role-without-person': 'line(s) with a role of somebody who is not in the persons file, left out',
};

/** Takes the files delivered until now as what the next run is compared with. */
export async function takeBaseline(
  persons: string,
  roles: string,
  { by, reason, again, json }: Decider & { again: boolean; json: boolean },
): Promise<void> {
  await withApp(async ({ daily }) => {
    const baseline = await daily.baseline({ persons, roles, again, decider: { by, reason } });
    if (json) process.stdout.write(`${JSON.stringify(baseline)}\n`);
    else print(baseline);
  });
}

function print({ files: [persons, roles], read, known, notes }: Baseline): void {
  say(
    `The next run is compared with ${persons.rows} person(s) and ${roles.rows} role(s), of ${read.persons} and ${read.roles} line(s).`,
  );
  say(`${known} person(s) have an account here, ${persons.rows - known} have none.`);
  for (const kind of Object.keys(told) as BaselineNote['kind'][]) {
    const ofKind = notes.filter((note) => note.kind === kind);
    if (ofKind.length === 0) continue;
    say('', `${ofKind.length} ${told[kind]}`);
    for (const { file, line, key } of ofKind.slice(0, mostOnScreen)) say(printable(`  ${file} line ${line}: ${key}`));
    if (ofKind.length > mostOnScreen) say(`  and ${ofKind.length - mostOnScreen} more: --json shows them all`);
  }
  say('', 'Look at what a delivery would do now: spendcloud export --dry-run');
}
