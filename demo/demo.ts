import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { everyoneGetsAnAccount, jobsChange, joinersCome, leaversGo, marriageHappens, oneReturns } from './days.ts';
import { helloId } from './helloid.ts';
import { leaverLines, returnLines, unusualLines } from './lines.ts';
import { morning } from './morning.ts';
import { departments, titles } from './names.ts';
import { organisation } from './organisation.ts';
import { demand, type Play } from './play.ts';
import { emptySpendCloud } from './spend-cloud.ts';
import type { Leavers } from './spend-cloud-files.ts';
import { openStage, readDelivered, type Delivered } from './stage.ts';
import { storyTo, type Output, type Story } from './story.ts';

export interface DemoOptions {
  /** How leavers are told, by the files and by Spend Cloud's import definition alike. */
  leavers?: Leavers;
  output?: Output;
  /** How Spend Cloud fetches what lies in the SFTP server's folder; a test loses some of it here. */
  collect?: (inbox: string) => Promise<Delivered>;
}

const employees = 200;
const seed = 1872;

const waysToLeave: Record<Leavers, string[]> = {
  passive: [
    'People who leave stay in the persons file, marked as passive, and Spend Cloud believes the mark: the usual way.',
    '(In the other one they are missing from the file: spendcloud demo --leavers absent.)',
  ],
  absent: [
    'People who leave are missing from the persons file, and Spend Cloud deactivates who is missing.',
    '(In the usual way they stay in the file, marked as passive: spendcloud demo.)',
  ],
};

/**
 * Three mornings of a care organisation, from HelloID's calls to what Spend Cloud makes of the delivered files. Throws when Spend
 * Cloud does not become exactly what HelloID wanted; leaves nothing behind, whatever happens.
 */
export async function demo({
  leavers = 'passive',
  output = process.stdout,
  collect = readDelivered,
}: DemoOptions = {}): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => interruption.abort(signal);
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-demo-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  process.on('exit', removeFolder); // also when something ends the process halfway
  try {
    await tellWholeStory(storyTo(output, interruption.signal), folder, { leavers, collect });
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    output.write('Stopped; nothing is left behind.\n');
    process.exitCode = 128 + constants.signals[interruption.signal.reason as NodeJS.Signals];
  } finally {
    removeFolder();
    process.off('exit', removeFolder);
    for (const signal of signals) process.off(signal, interrupt);
  }
}

async function tellWholeStory(
  story: Story,
  folder: string,
  { leavers, collect }: Pick<Play, 'leavers' | 'collect'>,
): Promise<void> {
  story.tell(
    'Three mornings with the Spend Cloud connector. Every person is invented; everything runs in this process.',
    ...waysToLeave[leavers],
  );
  const stage = await openStage(folder, '2026-03-02T09:00:00Z', leavers);
  try {
    const registered = {
      units: new Set(departments.map(({ name }) => name)),
      profiles: new Set(titles.map(({ code }) => code)),
    };
    await playDays({
      story,
      stage,
      leavers,
      collect,
      helloId: helloId(stage.address, stage.keys.agent, story.signal),
      entitled: new Map(),
      spendCloud: emptySpendCloud(registered, leavers),
      expected: { employees: [], roles: [] },
    });
  } finally {
    await stage.close();
  }
}

async function playDays(play: Play): Promise<void> {
  const { story } = play;
  const everyone = organisation(seed, employees + 3);
  const [staff, joiners] = [everyone.slice(0, employees), everyone.slice(employees)];
  const [leaver, otherLeaver, mover, doubler] = [staff[40], staff[80], staff[120], staff[160]];
  const newlywed = staff.find(({ convention, family }) => convention === 'B' && family.prefix !== null);
  demand(newlywed && leaver && otherLeaver && mover && doubler, 'the organisation is too small');

  story.tell('', `Monday: HelloID gives the ${staff.length} employees of Stichting Waterrijk Zorg an account.`);
  await everyoneGetsAnAccount(play, staff);
  await morning(play, 'Tuesday', '2026-03-03T04:30:05Z', { held: 'first delivery', shown: unusualLines });

  story.tell('', 'Tuesday: things happen.');
  await joinersCome(play, joiners);
  await leaversGo(play, [leaver, otherLeaver]);
  await marriageHappens(play, newlywed, new Set(everyone.map(({ username }) => username)));
  await jobsChange(play, mover, doubler);
  await morning(play, 'Wednesday', '2026-03-04T04:30:05Z', {
    ...(play.leavers === 'passive' && { held: 'first inactive rows' }),
    shown: (files) => leaverLines(play.leavers, files, [leaver, otherLeaver]),
  });

  story.tell('', 'Wednesday: a little more.');
  await oneReturns(play, [leaver, otherLeaver]);
  await morning(play, 'Thursday', '2026-03-05T04:30:05Z', {
    shown: (files) => returnLines(play.leavers, files, leaver, otherLeaver),
  });

  story.tell(
    '',
    'After each import Spend Cloud was exactly what HelloID wanted, and had done nothing else: the demo checked that.',
    'Now yours: npm start runs the connector on this machine without any settings. README.md tells how to go on.',
  );
}
