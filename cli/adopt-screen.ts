import type { FileFormat } from '../shared/export/file-format.ts';
import { causeText } from '../shared/takeover/causes.ts';
import type { Adoption } from '../shared/takeover/adopt.ts';
import type { AdoptReport } from './adopt-report.ts';
import { releaseText, sayImport } from './legacy-report.ts';
import { printable, say } from './screen.ts';

const mostOnScreen = 40;

/** The report of `adopt` for a person, in the order in which things were found out. */
export function sayAdoption(report: AdoptReport, { kind }: Adoption): void {
  say(`Data folder: ${report.dataDir}`);
  sayFiles(report);
  if (report.import) sayImport(report.import);
  else say(`The database is of ${releaseText(report.recognised)}.`);
  saySurnames(report);
  if (kind === 'ask-leavers') sayQuestion();
  else saySettings(report);
  sayProof(report);
  if (report.refused.length > 0) say('', 'REFUSED:', ...report.refused.map((why) => `  ${why}.`));
  say('', endings[kind](report));
}

const endings: Record<AdoptReport['state'], (report: AdoptReport) => string> = {
  'ask-leavers': () => 'Nothing was written (exit code 3).',
  refused: () => 'Nothing was written (exit code 3).',
  'settings-differ': () =>
    'Nothing was taken over (exit code 3). Put these settings into connector.json, or let --write-config do it, and run it again.',
  rehearsed: () => 'This was a rehearsal on a copy: nothing was written.',
  adopted: ({ leavers }) =>
    `Done; harmless to repeat until the first delivery. Leavers are told as ${leavers ?? ''}. Next: docs/migrate.md.`,
};

function sayFiles({ files: { persons, roles } }: AdoptReport): void {
  for (const file of [persons, ...(roles ? [roles] : [])]) {
    const { fileName, rows, columns, delimiter, quote, lineEnd, encoding, bom } = file;
    const layout = `delimiter ${delimiter === '\t' ? 'tab' : delimiter}, quotes ${quote}, ${lineEnd}, ${encoding}${bom ? ' with' : ' without'} BOM`;
    say(printable(`${fileName}: ${rows} row(s); ${layout}; ${columns.map(({ header }) => header).join(', ')}`));
    const status = columns.find((column) => column.status)?.status;
    if (status) say(`  active people have ${shown(status.active)} there, and inactive ones ${shown(status.inactive)}`);
  }
}

function shown(text: string | null): string {
  return text === null ? 'nothing' : `"${text}"`;
}

function saySurnames({ recognised }: AdoptReport): void {
  const texts = {
    'with-prefix':
      'Last names have the prefix behind them ("Brink van den"), and stay so: import a mapping of helloid/field-mapping/older-names.',
    'without-prefix': 'Last names are without the prefix: import a mapping of helloid/field-mapping.',
    mixed:
      'Some last names have the prefix behind them and some do not: a mapping of helloid/field-mapping gives them all without, one of older-names all with it. Each person changes once.',
    unknown:
      'No last name shows which of the two mappings of names the customer has; compare a name with a prefix in HelloID.',
  };
  say('', texts[recognised.surnames]);
}

function sayQuestion(): void {
  say(
    '',
    'How does Spend Cloud learn who left? Neither the database nor these files show it. Look at the import definition of persons in Spend Cloud:',
    '  --leavers passive   it has a field for passief (seven fields), and a row with Ja deactivates',
    '  --leavers absent    it has six fields, and "Deactivate before import" is on: whoever is missing is deactivated',
    'The wrong answer gives leavers their access back, or never takes it.',
  );
}

function saySettings({ settings, written, state, dryRun }: AdoptReport): void {
  if (settings.length === 0) {
    say('', 'The settings in force give files like these.');
    return;
  }
  const what = written ? 'were' : dryRun && state === 'rehearsed' ? 'would be' : 'are not';
  say('', `Settings that ${what === 'are not' ? 'differ from the given files' : `${what} written`}:`);
  for (const { path, inForce, wanted, why } of settings)
    say(
      `  ${path.join('.')}, ${why}:`,
      ...[inForce, wanted].map((value, index) => `    ${index === 0 ? 'now' : 'to be'} ${valueText(value)}`),
    );
  if (!written) return;
  say(`Written to ${written.file}${written.backup === null ? '' : `; the former file is ${written.backup}`}.`);
  say('A connector that runs reads its settings at the start: start it again.');
}

function valueText(value: unknown): string {
  if (!Array.isArray(value)) return printable(JSON.stringify(value));
  const columns = value as FileFormat['columns'];
  const texts = columns.map(({ header, status }) =>
    status ? `${header} (active ${shown(status.active)}, inactive ${shown(status.inactive)})` : header,
  );
  return printable(texts.join(', '));
}

function sayProof({ proof, causes, firstDelivery, lookUp, leavers }: AdoptReport): void {
  if (!proof) return;
  const { spendCloud, rows, differences } = proof;
  const changes = rows === 0 ? 'changes nothing' : `changes ${rows} row(s)`;
  say(
    '',
    `Spend Cloud has ${spendCloud.active} active and ${spendCloud.inactive} inactive people. Our first delivery ${changes}${rows === 0 ? '.' : ':'}`,
  );
  for (const { cause, count } of causes) say(`  ${count} x ${cause}: ${causeText(cause)}.`);
  if (differences.length > 0) say('', line('file', 'username', 'change', 'field', 'before', 'after', 'cause'));
  for (const { file, key, change, field = '', before = '', after = '', cause } of differences.slice(0, mostOnScreen))
    say(printable(line(file, key, change, field, before, after, cause)));
  if (differences.length > mostOnScreen) say(`  and ${differences.length - mostOnScreen} more: --json shows them all`);
  if (firstDelivery?.becomes === 'held')
    say(
      '',
      'The first delivery will be held until you release it:',
      ...firstDelivery.reasons.map((why) => `  ${why}.`),
    );
  if (leavers !== 'passive' || !lookUp) return;
  say(
    '',
    `These files do not show whether Spend Cloud reads field ${lookUp.field} (${lookUp.header}). Look up one of these there before the first delivery: ${lookUp.people.map(printable).join(', ')}. If one is active, it never did.`,
  );
}

function line(...cells: string[]): string {
  const widths = [7, 20, 13, 14, 24, 24];
  return `  ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' ')}`.trimEnd();
}
