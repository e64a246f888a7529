import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Decider } from '../shared/domain/run.ts';
import { AppError, type ErrorCode } from '../shared/errors.ts';
import { scopes, type Scope } from '../shared/keys.ts';
import type { Leavers } from '../shared/domain/columns.ts';
import type { UnknownPeople } from '../shared/domain/legacy/choose.ts';
import type { AuditChoice } from './audit.ts';
import type { RestoreOptions } from './backup.ts';
import type { ImportOptions } from './import-legacy.ts';

/** Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 held or blocked (a person must decide). */
const usageCodes: readonly ErrorCode[] = ['invalid-settings', 'impossible', 'conflict', 'not-found'];

/** Runs one command line; sets the exit code and never throws. */
export async function run(words: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', toleratesNobody);
  try {
    await program().parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Whoever read it has read enough, as `head` does; the work itself goes on to its end. */
function toleratesNobody(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Every command with its words and options. */
export function program(): Command {
  const root = new Command('spendcloud')
    .description(
      'Keeps Visma | ProActive Spend Cloud in step with HelloID. Settings come from the environment and connector.json; see the README.',
    )
    .exitOverride()
    .showHelpAfterError();

  root
    .command('start')
    .description('serve HelloID, operators and viewers over HTTP, and deliver the daily dump')
    .option('--first-keys', 'make keys where there are none yet, and print them once', false)
    .action(async (options: { firstKeys: boolean }) => (await import('../server/start.ts')).start(options));

  root
    .command('status')
    .description('the last delivery, what waits for a person, and who was not touched since the take-over')
    .option('--json', 'report as JSON', false)
    .action(async (options: { json: boolean }) => (await import('./status.ts')).status(options));

  root
    .command('export')
    .description('dump and deliver now, and wait for the outcome')
    .option('--dry-run', 'only show what would be delivered', false)
    .option('--json', 'report as JSON', false)
    .action(async (options: { dryRun: boolean; json: boolean }) => (await import('./export.ts')).exportNow(options));

  for (const [name, description] of [
    ['release', 'let a held run go out, exactly as it was shown'],
    ['discard', 'give up a held or blocked run'],
    ['retry', 'try a failed run again now'],
  ] as const) {
    decision(root.command(name).description(description))
      .argument('<run>', 'the number of the run')
      .option('--json', 'report as JSON', false)
      .action(async (id: string, options: Decider & { json: boolean }) =>
        (await import('./decide.ts')).decideRun(id, name, options),
      );
  }
  decision(root.command('pause').description('deliver nothing until resumed')).action(async (options: Decider) =>
    (await import('./decide.ts')).pauseDeliveries(options),
  );
  decision(root.command('resume').description('deliver again')).action(async (options: Decider) =>
    (await import('./decide.ts')).resumeDeliveries(options),
  );

  const username = root.command('username').description('changed and reused usernames');
  decision(username.command('accept').description('let the changed username of a delivered person into the files'))
    .argument('<reference>', "the account's reference, such as SC-100234")
    .option('--pending <value>', 'the username or number meant; refuse another that waits by now')
    .action(async (reference: string, options: Decider & { pending?: string }) =>
      (await import('./decide.ts')).acceptUsername(reference, options),
    );
  decision(username.command('allow').description('let a number have a username that was delivered for somebody else'))
    .argument('<name>', 'the username')
    .argument('<number>', 'the external id that may have it')
    .action(async (name: string, number: string, options: Decider) =>
      (await import('./decide.ts')).allowUsername(name, number, options),
    );

  decision(
    root
      .command('account')
      .description('accounts of people who left')
      .command('renew')
      .description(
        'let the number of a deleted account make a new account, for somebody else; the old one stays closed',
      ),
  )
    .argument('<number>', 'the external id')
    .action(async (number: string, options: Decider) => (await import('./decide.ts')).renewAccount(number, options));

  const findings = root
    .command('findings')
    .description('what the newest run found, and which kinds mean that somebody has access and should perhaps not')
    .option('--json', 'report as JSON', false)
    .action(async (options: { json: boolean }) => (await import('./findings.ts')).listFindings(options));
  decision(
    findings
      .command('accept')
      .description('accept a kind that means access, up to and with a day: no message until then'),
  )
    .argument('<kind>', 'such as ended-contract')
    .requiredOption('--until <day>', 'the last day, such as 2026-12-31; at most a year ahead')
    .action(async (code: string, options: Decider & { until: string }) =>
      (await import('./findings.ts')).acceptFindings(code, options),
    );
  decision(
    root
      .command('also')
      .description('people whom HelloID does not manage (also.persons)')
      .command('accept')
      .description('let a line give access to somebody whose account was deleted'),
  )
    .argument('<username>', 'as in the table')
    .action(async (username: string, options: Decider) =>
      (await import('./findings.ts')).acceptLine(username, options),
    );

  const keys = root.command('keys').description('make, list and remove the keys that callers send');
  keys
    .command('add')
    .description('make a key and print it, this once')
    .argument('<name>', 'a name that tells who uses it; the audit trail shows it', keyName)
    .addOption(new Option('--scope <scope>', 'what it may do').choices(scopes).makeOptionMandatory())
    .option('--json', 'report as JSON', false)
    .action(async (name: string, options: { scope: Scope; json: boolean }) =>
      (await import('./keys.ts')).addKey(name, options),
    );
  keys
    .command('list')
    .description('names and scopes, never the keys')
    .option('--json', 'report as JSON', false)
    .action(async (options: { json: boolean }) => (await import('./keys.ts')).listKeys(options));
  keys
    .command('remove')
    .description('refuse a key from now on')
    .argument('<name>', 'its name')
    .action(async (name: string) => (await import('./keys.ts')).removeKey(name));

  const audit = root.command('audit').description('read and prove the audit trail');
  audit
    .command('export')
    .description('write the entries that fit, newest first, as CSV for a spreadsheet')
    .argument('[file]', 'where to; the screen when absent')
    .option('--reference <reference>', 'of one account')
    .option('--external-id <number>', 'of one personnel number')
    .option('--action <action>', 'of one kind: create, update, export, key-add …')
    .option('--from <time>', 'from this day (2026-11-01) or time (2026-11-01T09:00:00Z) on')
    .option('--to <time>', 'up to this day or time; a day counts whole')
    .option('--json', 'an object per line instead of CSV', false)
    .action(async (file: string | undefined, options: AuditChoice) =>
      (await import('./audit.ts')).exportAudit(file, options),
    );
  audit
    .command('verify')
    .description('walk the whole trail; exit code 1 when an entry is not as it was written')
    .option('--head <hash>', 'a hash that was written down earlier: also finds an end that was cut off', entryHash)
    .option('--entry <number>', 'the entry it belongs to', entryNumber)
    .option('--json', 'report as JSON', false)
    .action(async (options: { json: boolean; head?: string; entry?: number }) =>
      (await import('./audit.ts')).verifyTrail(options),
    );

  decision(
    audit
      .command('purge')
      .description('erase whom entries from before a day were about, and persons deleted before it'),
  )
    .requiredOption('--before <time>', 'a day (2026-01-01) or time that is over; what was before it goes')
    .option('--json', 'report as JSON', false)
    .action(async (options: Decider & { before: string; json: boolean }) =>
      (await import('./person.ts')).purgeAudit(options),
    );

  const person = root.command('person').description('what is stored about one person, by number');
  person
    .command('show')
    .description('who this is, and what happened when, with before and after')
    .argument('<number>', 'the external id')
    .option('--json', 'report as JSON', false)
    .action(async (number: string, options: { json: boolean }) =>
      (await import('./person.ts')).showPerson(number, options),
    );
  person
    .command('export')
    .description('everything that is stored, as JSON: the answer to a request for access')
    .argument('<number>', 'the external id')
    .argument('[file]', 'where to; the screen when absent')
    .option('--json', 'it is JSON in any case', true)
    .action(async (number: string, file: string | undefined) =>
      (await import('./person.ts')).exportPerson(number, file),
    );
  decision(person.command('erase').description('erase everything about a deleted person'))
    .argument('<number>', 'the external id')
    .option('--json', 'report as JSON', false)
    .action(async (number: string, options: Decider & { json: boolean }) =>
      (await import('./person.ts')).erasePerson(number, options),
    );
  decision(
    person
      .command('forget-erased')
      .description('give up the digests of persons erased before, because erasure.key is lost for good'),
  ).action(async (options: Decider) => (await import('./person.ts')).forgetErased(options));

  root
    .command('backup')
    .description(
      'back the database up while it is in use: where the daily backups lie and in the container, or only in a file',
    )
    .argument('[file]', 'only to this file, compressed')
    .option('--list', 'only list the backups there are', false)
    .option('--json', 'report as JSON', false)
    .action(async (file: string | undefined, options: { list: boolean; json: boolean }) => {
      const { backUp, listBackups } = await import('./backup.ts');
      return options.list ? listBackups(options) : backUp(file, options);
    });
  decision(root.command('restore').description('put a backup in the place of the database; the server must be stopped'))
    .argument('<file>', 'the backup, or with --from-blob its name in the container')
    .option('--from-blob', 'take it from the container of BACKUP_BLOB_CONNECTION', false)
    .option('--forget-erased', 'give up the digests of persons erased before: erasure.key is lost for good', false)
    .option('--json', 'report as JSON', false)
    .action(async (file: string, options: RestoreOptions) =>
      (await import('./backup.ts')).restoreBackup(file, options),
    );

  decision(root.command('baseline').description('compare with the files that Spend Cloud got until now'))
    .argument('<persons>', 'the last persons file, such as Users.csv')
    .argument('<roles>', 'the last roles file, such as Roles.csv')
    .option('--again', 'also after the connector delivered something itself', false)
    .option('--json', 'report as JSON, every line', false)
    .action(async (persons: string, roles: string, options: Decider & { again: boolean; json: boolean }) =>
      (await import('./baseline.ts')).takeBaseline(persons, roles, options),
    );

  decidedByList(
    root
      .command('import-legacy')
      .description('take over the people of the earlier connector (PowerShell with SQLite); its file is only read')
      .argument('<file>', 'its database, SpendCloud.db'),
  )
    .option('--dry-run', 'only report what would be done', false)
    .option('--json', 'report as JSON, every row', false)
    .option('--by <name>', 'who decides (not needed with --dry-run)')
    .option('--reason <text>', 'why (not needed with --dry-run)')
    .action(async (file: string, options: ImportOptions & Partial<Decider> & { dryRun: boolean }, command: Command) =>
      (await import('./import-legacy.ts')).importOld(
        file,
        options,
        options.dryRun ? null : deciderOf(options, command),
      ),
    );

  decidedByList(
    root
      .command('adopt')
      .description('take over from the earlier connector in one go, and prove what the first delivery changes')
      .argument('[database]', 'its database, SpendCloud.db, which is only read')
      .argument('[persons]', 'the last persons file that Spend Cloud got, such as Users.csv or ProActive.csv')
      .argument('[roles]', 'the last roles file (the oldest release, V1, had none)'),
  )
    .addOption(
      new Option(
        '--leavers <how>',
        'how the import in Spend Cloud learns who left: by the column passief, or by a row that is missing',
      ).choices(['passive', 'absent']),
    )
    .option('--write-config', 'write the settings that make our files equal to these into connector.json', false)
    .option('--dry-run', 'rehearse all of it on a copy and write nothing', false)
    .option('--close', 'end the take-over: everybody who was not touched since has been looked at', false)
    .option('--json', 'report as JSON, every difference', false)
    .option('--by <name>', 'who decides (not needed with --dry-run)')
    .option('--reason <text>', 'why (not needed with --dry-run)')
    .action(adoptCommand);

  root
    .command('config')
    .description('settings')
    .command('check')
    .description('read all settings and name every wrong one')
    .option('--json', 'report as JSON', false)
    .action(async (options: { json: boolean }) => (await import('./config-check.ts')).checkConfig(options));

  root
    .command('doctor')
    .description('look at settings, data, clock, delivery and notifications, beside a running server or without one')
    .option('--notify', 'also send a test message on every channel', false)
    .option('--json', 'report as JSON', false)
    .action(async (options: { notify: boolean; json: boolean }) => (await import('./doctor.ts')).doctor(options));

  root
    .command('demo')
    .description('a whole day in one minute, on invented data')
    .addOption(
      new Option('--leavers <how>', 'how people who leave are told: marked as passive in the file, or absent from it')
        .choices(['passive', 'absent'])
        .default('passive'),
    )
    .action(async (options: { leavers: 'passive' | 'absent' }) => (await import('../demo/demo.ts')).demo(options));

  for (const command of [root, ...descendants(root)]) command.exitOverride();
  return root;
}

/** Taking over: what HelloID's list of references decides. */
function decidedByList(command: Command): Command {
  return command
    .option(
      '--references <file>',
      'CSV with externalId and reference of everybody whose account HelloID holds: it decides',
    )
    .option('--partial', 'that file names some only: whoever is not in it may be held by HelloID too', false)
    .addOption(
      new Option(
        '--unknown <what>',
        'active people whom HelloID does not hold; otherwise they stay active and are named',
      )
        .choices(['disable', 'keep'])
        .default('ask', 'none: exit code 3'),
    );
}

/** Whoever decides is named. */
function decision(command: Command): Command {
  return command
    .requiredOption('--by <name>', 'who decides', notBlank)
    .requiredOption('--reason <text>', 'why', notBlank);
}

/** The same for a command that needs it only when it writes. */
function deciderOf({ by, reason }: Partial<Decider>, command: Command): Decider {
  if (by === undefined) command.error("error: required option '--by <name>' not specified");
  if (reason === undefined) command.error("error: required option '--reason <text>' not specified");
  return { by, reason };
}

interface AdoptWords extends Partial<Decider> {
  references?: string;
  partial: boolean;
  unknown: UnknownPeople;
  leavers?: Leavers;
  writeConfig: boolean;
  dryRun: boolean;
  close: boolean;
  json: boolean;
}

async function adoptCommand(
  database: string | undefined,
  persons: string | undefined,
  roles: string | undefined,
  { close, dryRun, references, leavers, ...options }: AdoptWords,
  command: Command,
): Promise<void> {
  const { adoptAll, closeAdoption } = await import('./adopt.ts');
  if (close) {
    if (database !== undefined) command.error('error: --close takes no files');
    return closeAdoption({ json: options.json, ...deciderOf(options, command) });
  }
  if (database === undefined || persons === undefined)
    command.error('error: give the database and both files: adopt SpendCloud.db PERSONS.csv ROLES.csv');
  const decider = dryRun ? null : deciderOf(options, command);
  const { partial, unknown, writeConfig, json } = options;
  return adoptAll({ database, persons, roles, references, leavers, partial, unknown, writeConfig, json, decider });
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

function keyName(name: string): string {
  if (/^[\w.@-]{1,60}$/.test(name)) return name;
  throw new InvalidArgumentError('A name has 1 to 60 letters, digits, dots, dashes, underscores or @.');
}

function notBlank(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}

function entryHash(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('A hash has 64 hexadecimal digits.');
}

function entryNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('An entry has a whole number.');
}

/** Says what went wrong, for a person; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it
  if (error instanceof AppError) {
    process.stderr.write(`${error.message}\n`);
    return usageCodes.includes(error.code) ? 2 : 1;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  process.stderr.write(
    code === 'EADDRINUSE'
      ? `${message}: another program listens there; set PORT to a free one\n`
      : `${String((error as Error).stack ?? error)}\n`,
  );
  return 1;
}
