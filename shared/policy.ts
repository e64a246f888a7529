import { z } from 'zod';
import { checkAcross } from './policy/across.ts';
import { Fields } from './policy/fields.ts';
import { Files, usualPersonColumns } from './policy/files.ts';
import { Guards } from './policy/guards.ts';
import { Roles } from './policy/roles.ts';
import { Schedule } from './policy/schedule.ts';
import { always } from './policy/soundness.ts';
import { choice, flag, section, tablePath, wholeNumber } from './policy/values.ts';

export { personFields, roleFields } from './policy/fields.ts';

const aCentury = 36_500;
const days = (usual: number) => wholeNumber(1, aCentury).default(usual);

const SpendCloud = section({
  leavers: choice(['passive', 'absent'])
    .optional()
    .describe(
      "How Spend Cloud is told who is not active any more: by a row with the status column's inactive value (passive), or by a row that is missing (absent). It must fit the customer's import definition. Without it absent where files.persons.columns is named without a column of the status, else passive.",
    ),
  inactiveEmail: choice(['blank-if-taken', 'blank', 'keep'])
    .default('blank-if-taken')
    .describe(
      'The e-mail address in the row of an inactive person: blank where an active person, or one who became inactive later, has it (blank-if-taken), always blank (blank), or as it is (keep).',
    ),
  personKey: choice(['gebruikersnaam', 'externalId'])
    .default('gebruikersnaam')
    .describe("The field by which the customer's import in Spend Cloud finds a person; effect and guards follow it."),
});

const Accounts = section({
  initiallyEnabled: flag()
    .default(true)
    .describe("Whether a new account is enabled at once; false when HelloID's enable script is used."),
  username: choice(['confirm', 'follow', 'freeze'])
    .default('confirm')
    .describe(
      'What becomes of a changed username of a person who was delivered before: it waits for an operator (confirm), goes out at once (follow) or never (freeze).',
    ),
  usernameReuse: choice(['refuse', 'report'])
    .default('refuse')
    .describe(
      "Whether a username ever delivered for another account fails the person's action (and holds a run, should it have been delivered only afterwards) or is a finding.",
    ),
  duplicateEmail: choice(['refuse', 'report'])
    .default('refuse')
    .describe("Whether an e-mail address of another living account fails the person's action or is a finding."),
});

const Also = section({
  persons: tablePath('A CSV file of people whom HelloID does not manage and who belong in the persons file.'),
  roles: tablePath(
    'A CSV file of the roles of people whom HelloID does not manage; startDate and endDate are written as 2026-12-31.',
  ),
});

const Delivery = section({
  rename: choice(['posix', 'plain', 'remove-first', 'none'])
    .default('posix')
    .describe(
      'How a sent file gets its name: in one step over the former file (posix), by a plain rename (plain), after removing the former file (remove-first), or sent under its name at once (none).',
    ),
  verify: choice(['content', 'size', 'none'])
    .default('content')
    .describe(
      'How a sent file is proven: read back (content), by its size where reading back is refused (size), or not at all where even the size is refused (none): nobody then sees that a file arrived in part, or that another program writes there.',
    ),
  deadlineSeconds: wholeNumber(1, 86_400).default(300).describe('How long one attempt to deliver may take.'),
});

const Notify = section({
  silentDays: wholeNumber(1, aCentury)
    .nullable()
    .default(14)
    .describe('After how many days without any call from HelloID an alarm is raised; null turns it off.'),
});

const Retention = section({
  passiveDays: wholeNumber(1, aCentury)
    .nullable()
    .default(365)
    .describe(
      'How many days an inactive person stays in the persons file where spendCloud.leavers is passive, and in any case until one delivery said so; null: for ever.',
    ),
  archiveDays: days(90).describe('How many days delivered files are kept.'),
  backupDays: days(30).describe('How many days backups of the database are kept.'),
  deletedPersonsDays: days(365).describe(
    'How many days name, e-mail address, gender and further fields of a deleted person are kept.',
  ),
  auditDays: days(2557).describe(
    'How many days it is kept who had which role and when: entries of the audit trail, and the rest of a deleted person.',
  ),
});

const Dashboard = section({
  language: choice(['auto', 'nl', 'en'])
    .default('auto')
    .describe("The language of the dashboard: Dutch (nl), English (en), or the browser's (auto)."),
});

/** What connector.json may say; `{}` gives the complete default policy. Paths of tables stay as written there. */
export const Policy = section({
  $schema: z
    .string({ error: 'expected the place of the JSON Schema' })
    .optional()
    .describe('The place of the JSON Schema, by which an editor knows these settings.'),
  spendCloud: SpendCloud.prefault({}).describe("What is known of the customer's Spend Cloud."),
  accounts: Accounts.prefault({}).describe('The rules for accounts.'),
  fields: Fields.default([]).describe('Account fields besides the fixed ones.'),
  roles: Roles.prefault({}).describe('Where roles come from and how they are translated for Spend Cloud.'),
  also: Also.prefault({}).describe('People whom HelloID does not manage, such as auditors.'),
  files: Files.prefault({}).describe('How the two files are written.'),
  schedule: Schedule.prefault({}).describe('When a dump is due.'),
  guards: Guards.prefault({}).describe('Which mass effects hold a delivery until a person decides.'),
  delivery: Delivery.prefault({}).describe('How files are put in place at the far side.'),
  notify: Notify.prefault({}).describe('When an alarm is raised.'),
  retention: Retention.prefault({}).describe('How long things are kept.'),
  dashboard: Dashboard.prefault({}).describe('How the dashboard appears.'),
})
  .superRefine(checkAcross, always)
  .transform(withLeavers);

interface Written {
  spendCloud: z.output<typeof SpendCloud>;
  files: z.output<typeof Files>;
}

/** What is not written follows what is: how leavers are told, and the columns. */
function withLeavers<Read extends Written>(read: Read) {
  const { columns } = read.files.persons;
  const hasStatus = columns?.some(({ status }) => status !== undefined) ?? true;
  const leavers = read.spendCloud.leavers ?? (hasStatus ? ('passive' as const) : ('absent' as const));
  const persons = { ...read.files.persons, columns: columns ?? usualPersonColumns(leavers) };
  return { ...read, spendCloud: { ...read.spendCloud, leavers }, files: { ...read.files, persons } };
}

export type Policy = z.output<typeof Policy>;
