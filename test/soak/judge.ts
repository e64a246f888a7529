import { canLogIn, type SpendCloudAtFolder } from '../spend-cloud.ts';
import type { FarSide } from '../faults/far-side.ts';
import type { Leavers } from '../../demo/spend-cloud-files.ts';
import { lastNameOfAlso } from './also-table.ts';
import type { Connector } from './connector.ts';
import { demand, demandSame } from './demand.ts';
import { fileJudge } from './judge-files.ts';
import type { Staff } from './staff.ts';

export interface RunSeen {
  id: number;
  dueAt: string | null;
  state: string;
  retryAt?: string | null;
  reasons: string[];
  findings: { code: string; message: string }[];
  files: { name: string; sha256: string }[];
  attempts: { number: number; error: string | null }[];
  decisions: { decision: string }[];
}

/** Watches from outside: the ledger by HTTP, the far side by its files and the server's own log, and who can log in. */
export interface Judge {
  /** Looks at everything; called after each tick and decision, while HelloID does nothing. Throws at what must not be. */
  look(): Promise<RunSeen>;
  deliveredRuns(): number;
}

interface Snapshot {
  /** External ids of everybody who is enabled. */
  people: string[];
  /** Employees and roles as Spend Cloud must know them. */
  lines: string[];
}

interface Account {
  reference: string;
  externalId: string;
  gebruikersnaam: string;
  email: string;
  achternaam: string;
  roles: { ou: string; functiecode: string }[];
}

interface Detail {
  pendingUsername: string | null;
  delivered: { gebruikersnaam: string } | null;
}

export interface JudgeParts {
  connector: Connector;
  far: FarSide;
  spendCloud: SpendCloudAtFolder;
  staff: Staff;
  leavers: Leavers;
  /** SHA-256 of what other programs wrote at the far side. */
  foreign: ReadonlySet<string>;
  /** Runs of which the ledger says that they failed, whatever arrived: they are sent again. */
  thoughtFailed: ReadonlySet<number>;
}

export function judge({ connector, far, spendCloud, staff, leavers, foreign, thoughtFailed }: JudgeParts): Judge {
  const files = fileJudge(leavers);
  /** What Spend Cloud must be after each run, as the connector's accounts were when its files were made. */
  const expected = new Map<number, Snapshot & { files: string }>();
  const everHeld = new Set<number>();
  /** How often files of a run had got their names when it was first seen held. */
  const renamedBefore = new Map<number, number>();
  const everBlocked = new Set<number>();
  const judged = new Set<number>();
  let lastPeople: string[] | undefined;
  let read = 0;
  let rest = '';
  const renamed = new Map<string, number>();
  const count = (key: string, times: number) => void renamed.set(key, (renamed.get(key) ?? 0) + times);
  let asked: string | undefined;
  const opened = new Set<number>();
  const ever = new Map<number, RunSeen>();

  async function look(): Promise<RunSeen> {
    const { exports: runs } = await connector.operate<{ exports: RunSeen[] }>('exports?limit=60');
    const snapshot = await connectorKnows();
    for (const run of runs) {
      const hashes = run.files.map(({ sha256 }) => sha256).join(' ');
      if (hashes !== '' && expected.get(run.id)?.files !== hashes) {
        expected.set(run.id, { files: hashes, ...snapshot });
        const [persons, roles] = await Promise.all(run.files.map(({ name }) => connector.file(run.id, name)));
        files.see(run.id, persons ?? '', roles ?? '');
      }
      if (run.state === 'blocked') everBlocked.add(run.id);
    }
    readLog();
    for (const run of runs) {
      if (run.state !== 'held' || everHeld.has(run.id)) continue;
      everHeld.add(run.id);
      renamedBefore.set(run.id, renamesOf(run));
    }
    for (const run of runs) judgeFarSide(run);
    judgeVisible(runs);
    for (const run of runs.reverse()) judgeDelivered(run, runs);
    const newest = runs.at(-1);
    demand(newest, 'there is no run');
    return newest;
  }

  async function connectorKnows(): Promise<Snapshot> {
    const enabled: Account[] = [];
    for (let cursor = ''; ;) {
      const page = await connector.operate<{ accounts: Account[]; next: string | null }>(
        `accounts?enabled=true&limit=500${cursor}`,
      );
      enabled.push(...page.accounts);
      if (page.next === null) break;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
    const people = enabled.map(({ externalId }) => externalId);
    demandSame('who is enabled', staff.entitled(), people);
    const lines = await Promise.all(
      enabled.map(async (account) => {
        const username = staff.everRenamed(account.reference) ? await usernameInFiles(account) : account.gebruikersnaam;
        return [
          `employee ${username} ${account.email} ${account.achternaam}`,
          ...account.roles.map(({ ou, functiecode }) => `role ${username} ${ou} ${functiecode}`),
        ];
      }),
    );
    const others = staff.unmanaged();
    const unmanaged = others.map((username) => `employee ${username} ${username}@elders.example ${lastNameOfAlso}`);
    return { people: [...people, ...others], lines: [...new Set([...lines.flat(), ...unmanaged])] };
  }

  /** The files keep a delivered name until an operator accepts the new one. */
  async function usernameInFiles({ reference, gebruikersnaam }: Account): Promise<string> {
    const path = `accounts/${encodeURIComponent(reference)}`;
    const { pendingUsername, delivered } = await connector.operate<Detail>(path);
    return pendingUsername === null ? gebruikersnaam : (delivered?.gebruikersnaam ?? '');
  }

  /** What sftp-server logged since the last look. A request is logged as it comes; a refusal is the next line. */
  function readLog(): void {
    const log = far.sshd.log();
    const text = rest + log.slice(read);
    read = log.length;
    const logged = text.split('\n');
    rest = logged.pop() ?? '';
    for (const line of logged) {
      const [, id, name] = /rename old ".*\.r(\d+)-\d+\.partial" new ".*\/(.*)"/.exec(line) ?? [];
      if (line.startsWith('sent status') && asked) count(asked, -1);
      asked = id && name ? `${id} ${name}` : undefined;
      if (asked) count(asked, 1);
      if (id && name === 'Users.csv') files.arrived(Number(id));
      const open = /open ".*\.r(\d+)-\d+\.partial" flags WRITE/.exec(line);
      if (open) opened.add(Number(open[1]));
    }
  }

  function renamesOf({ id, files }: RunSeen): number {
    return files.reduce((sum, { name }) => sum + (renamed.get(`${id} ${name}`) ?? 0), 0);
  }

  function judgeFarSide(run: RunSeen): void {
    const { id, state, decisions, files } = run;
    const counts = files.map(({ name }) => renamed.get(`${id} ${name}`) ?? 0);
    const isAgain = thoughtFailed.has(id);
    demand(
      isAgain || counts.every((count) => count <= 1),
      `run ${id} was renamed ${counts.join(' and ')} times at the far side`,
    );
    demand(!(everBlocked.has(id) && opened.has(id)), `run ${id} was blocked, and was sent`);
    const released = decisions.some(({ decision }) => decision === 'release');
    const sinceHeld = renamesOf(run) - (renamedBefore.get(id) ?? 0);
    demand(!(everHeld.has(id) && sinceHeld > 0 && !released), `run ${id} was held, and was sent without a release`);
    if (state === 'delivered' && !isAgain) demandSame(`the renames of run ${id}`, [1, 1], counts);
  }

  /** What lies under a final name is whole, and of a run that was allowed to go; never new roles with old persons. */
  function judgeVisible(runs: readonly RunSeen[]): void {
    for (const run of runs) ever.set(run.id, run); // an older database that is put back does not know its last runs
    const { persons, roles } = far.visible();
    const sentWith = (index: 0 | 1, hash: string | null) =>
      [...ever.values()]
        .filter(({ id, files }) => hash !== null && files[index]?.sha256 === hash && opened.has(id))
        .map(({ id }) => id);
    if ([persons, roles].some((hash) => hash !== null && foreign.has(hash))) return;
    const [ofPersons, ofRoles] = [sentWith(0, persons), sentWith(1, roles)];
    demand(persons === null || ofPersons.length > 0, 'the persons file at the far side is of no run that was sent');
    demand(roles === null || ofRoles.length > 0, 'the roles file at the far side is of no run that was sent');
    if (persons !== null && roles !== null)
      demand(Math.max(...ofPersons) >= Math.min(...ofRoles), 'new roles lie beside old persons at the far side');
  }

  /** The newest delivered run is what Spend Cloud knows, once it has fetched. */
  function judgeDelivered(run: RunSeen, runs: readonly RunSeen[]): void {
    if (run.state !== 'delivered' || judged.has(run.id)) return;
    judged.add(run.id);
    judgeEffect(run);
    files.judge(run.id, everHeld.has(run.id));
    // somebody reads the finding and looks the account up
    for (const { code, message } of run.findings)
      if (code === 'unclosed') spendCloud.deactivate(/\[(.*?)\]/.exec(message)?.[1] ?? '');
    if (runs.some(({ id, state }) => id > run.id && (state === 'delivered' || renamed.has(`${id} Users.csv`)))) return;
    const refused = spendCloud.fetch();
    const heirs = staff.heirs();
    const isHeirs = (text: string) => [...heirs].some((username) => text.includes(` ${username} `));
    demandSame(
      `the rows of run ${run.id} that Spend Cloud refused`,
      [],
      refused
        .map(({ row, reason }) => `${row}: ${reason} `)
        .filter((line) => !/e-mail address .* is that of/.test(line) || heirs.size === 0)
        .filter((line) => !isHeirs(line)),
    );
    const known = spendCloud.state();
    const found = [
      ...canLogIn(known).map((username) => {
        const employee = known.employees.get(username);
        return `employee ${username} ${employee?.email ?? ''} ${employee?.lastName ?? ''}`;
      }),
      ...known.roles.map(({ username, unit, profile }) => `role ${username} ${unit} ${profile}`),
    ];
    const isFound = new Set(found);
    const lines = expected.get(run.id)?.lines ?? [];
    const awaited = refused.length === 0 ? lines : lines.filter((line) => isFound.has(line) || !isHeirs(`${line} `));
    demandSame(`what Spend Cloud knows after run ${run.id}`, awaited, found);
  }

  /** A first delivery and one that takes many people's access away go out because somebody said so, or not at all. */
  function judgeEffect({ id, decisions }: RunSeen): void {
    const people = expected.get(id)?.people ?? [];
    const gone = lastPeople?.filter((person) => !people.includes(person)) ?? [];
    const released = decisions.some(({ decision }) => decision === 'release');
    demand(
      released || (lastPeople && gone.length < mass),
      `run ${id} went out by itself, and ${gone.length} people lost access`,
    );
    lastPeople = people;
  }

  return { look, deliveredRuns: () => judged.size };
}

// Well above what the guards let pass of so few people, and below what a mistake takes in staff.ts.
const mass = 10;
