import iconv from 'iconv-lite';
import { z } from 'zod';
import type { Column, StatusColumn } from '../domain/columns.ts';
import { personFields, roleFields } from './fields.ts';
import { always, isReached, isSound } from './soundness.ts';
import { choice, flag, pattern, section, text } from './values.ts';

const header = pattern(/^[^\p{Cc}\p{Cs}]{1,200}$/u, 'a header of 1 to 200 characters without line breaks').describe(
  'The name of the column in the first line of the file.',
);
const field = text((name) => name !== '', 'the name of a field').describe(
  'The field whose value stands in this column.',
);
const statusText = pattern(/^[^\p{Cc}\p{Cs}]{0,200}$/u, 'a text of at most 200 characters or null').nullable();

const Status = section({
  active: statusText.describe('What stands there for an active person; null writes nothing, "" an empty text.'),
  inactive: statusText.describe('What stands there for a person who is not active any more.'),
}).superRefine(({ active, inactive }, context) => {
  if (!isSound(context.issues, []) || !isSameStatus(active, inactive)) return;
  const message = 'expected another value than that of an active person';
  context.addIssue({ code: 'custom', path: ['inactive'], message });
}, always);

/** Whether a reader of the file could take one for the other. */
function isSameStatus(some: string | null, other: string | null): boolean {
  const [one, two] = [some, other].map((value) => (value ?? '').trim().toLowerCase());
  return one === two;
}

const PersonColumn = section({
  header,
  field: field.optional(),
  status: Status.optional().describe('Instead of `field`: what this column says of active and of inactive people.'),
})
  .superRefine((column, context) => {
    if (!isReached(context.issues, []) || (column.field === undefined) !== (column.status === undefined)) return;
    context.addIssue({ code: 'custom', message: 'expected a `field` or a `status`, and not both' });
  }, always)
  .transform(({ header, field = '', status }): Column => (status ? { header, status } : { header, field }));

const RoleColumn = section({ header, field });

/** The columns of the persons file that the connector before this one writes since its release 2.0.5, or wrote before it. */
export function usualPersonColumns(leavers: 'passive' | 'absent'): Column[] {
  const fields = ['voornaam', 'tussenvoegsel', 'achternaam', 'geslacht', 'email', 'gebruikersnaam'];
  const status: StatusColumn = { header: 'passief', status: { active: null, inactive: 'Ja' } };
  return [...fields.map((field) => ({ header: field, field })), ...(leavers === 'passive' ? [status] : [])];
}

function columnList<Item extends z.ZodType<{ header: string }>>(item: Item) {
  return z
    .array(item, { error: 'expected a list of columns, each with a header and a field' })
    .min(1, { error: 'expected at least one column' })
    .superRefine((columns, context) => {
      if (!isReached(context.issues, [])) return;
      const seen = new Set<string>();
      for (const [index, column] of columns.entries()) {
        if (!isSound(context.issues, [index, 'header'])) continue;
        if (seen.has(column.header))
          context.addIssue({ code: 'custom', path: [index, 'header'], message: 'expected each header once' });
        seen.add(column.header);
      }
    }, always);
}

export const Files = section({
  persons: csvFile({
    fileName: 'Users.csv',
    delimiter: ';',
    columns: columnList(PersonColumn)
      .optional()
      .describe(
        `The columns in their order, of fields (${personFields.join(', ')} and those that \`fields\` adds) and one of the status; without it the six usual ones, and \`passief\` where \`spendCloud.leavers\` is passive.`,
      ),
  })
    .prefault({})
    .describe('How the file of persons is written.'),
  roles: csvFile({
    fileName: 'Roles.csv',
    delimiter: ',',
    columns: columnList(RoleColumn)
      .default([
        { header: 'Organisatorische Eenheid', field: 'ou' },
        { header: 'Gebruikersnaam', field: 'gebruikersnaam' },
        { header: 'Functieprofiel Code', field: 'functiecode' },
      ])
      .describe(
        `The columns in their order; the fields are ${[...roleFields, ...personFields].join(', ')} and those that \`fields\` adds.`,
      ),
  })
    .prefault({})
    .describe('How the file of roles is written.'),
});

interface Usual<Columns extends z.ZodType> {
  fileName: string;
  delimiter: string;
  columns: Columns;
}

function csvFile<Columns extends z.ZodType<{ header: string }[] | undefined>>(usual: Usual<Columns>) {
  return section({
    fileName: text(isPlainFileName, 'a file name without folder that does not begin with a dot, at most 200 bytes')
      .default(usual.fileName)
      .describe('The name of the file at the destination.'),
    delimiter: pattern(/^(\t|[^"\p{Cc}\p{Cs}])$/u, 'one character, not a quote or a line break')
      .default(usual.delimiter)
      .describe('The character between two values.'),
    quote: choice(['always', 'needed'])
      .default('always')
      .describe('Whether every value stands in double quotes, or only one that needs them.'),
    lineEnd: choice(['crlf', 'lf']).default('crlf').describe('How a line ends: crlf as in Windows, or lf.'),
    encoding: choice(['utf-8', 'windows-1252', 'iso-8859-15'])
      .default('utf-8')
      .describe('The encoding of the file; a value that it cannot hold fails the action of that person.'),
    bom: flag()
      .optional()
      .describe(
        'Whether the file begins with a byte order mark: with utf-8 unless set to false, with another encoding never.',
      ),
    columns: usual.columns,
  })
    .superRefine((file, context) => {
      if (isReached(context.issues, ['encoding']) && file.encoding !== 'utf-8') checkEncoding(file, context);
    }, always)
    .transform((file) => ({ ...file, bom: file.bom ?? file.encoding === 'utf-8' }));
}

function isPlainFileName(name: string): boolean {
  return /^[^./\\\p{Cc}\p{Cs}][^/\\\p{Cc}\p{Cs}]*$/u.test(name) && Buffer.byteLength(name) <= 200;
}

interface Encoded {
  encoding: string;
  bom?: boolean | undefined;
  delimiter: string;
  columns?: ({ header: string } & Partial<StatusColumn>)[] | undefined;
}

function checkEncoding({ encoding, bom, delimiter, columns = [] }: Encoded, context: z.core.$RefinementCtx): void {
  const fault = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
  const isLost = (path: PropertyKey[], value: string) =>
    isSound(context.issues, path) && iconv.decode(iconv.encode(value, encoding), encoding) !== value;

  if (bom === true) fault(['bom'], `expected false, as ${encoding} has no byte order mark`);
  if (isLost(['delimiter'], delimiter)) fault(['delimiter'], `expected a character that ${encoding} can hold`);
  if (!isReached(context.issues, ['columns'])) return;
  for (const [index, column] of columns.entries()) {
    const path = ['columns', index, 'header'];
    if (!isReached(context.issues, ['columns', index])) continue;
    if (isLost(path, column.header)) fault(path, `expected characters that ${encoding} can hold`);
    for (const state of ['active', 'inactive'] as const)
      if (isLost(['columns', index, 'status', state], column.status?.[state] ?? ''))
        fault(['columns', index, 'status', state], `expected characters that ${encoding} can hold`);
  }
}
