import iconv from 'iconv-lite';
import { z } from 'zod';
import { personFields, roleFields } from './fields.ts';
import { always, isReached, isSound } from './soundness.ts';
import { choice, flag, pattern, section, text } from './values.ts';

const Column = section({
  header: pattern(/^[^\p{Cc}\p{Cs}]{1,200}$/u, 'a header of 1 to 200 characters without line breaks').describe(
    'The name of the column in the first line of the file.',
  ),
  field: text((field) => field !== '', 'the name of a field').describe('The field whose value stands in this column.'),
});

const Columns = z
  .array(Column, { error: 'expected a list of columns, each with a header and a field' })
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

export const Files = section({
  persons: csvFile({
    fileName: 'ProActive.csv',
    delimiter: ';',
    columns: ['voornaam', 'tussenvoegsel', 'achternaam', 'geslacht', 'email', 'gebruikersnaam'].map((field) => ({
      header: field,
      field,
    })),
    fields: personFields,
  }).describe('How the file of persons is written.'),
  roles: csvFile({
    fileName: 'ProActiveRoles.csv',
    delimiter: ',',
    columns: [
      { header: 'Organisatorische Eenheid', field: 'ou' },
      { header: 'Gebruikersnaam', field: 'gebruikersnaam' },
      { header: 'Functieprofiel Code', field: 'functiecode' },
    ],
    fields: [...roleFields, ...personFields],
  }).describe('How the file of roles is written.'),
});

interface Usual {
  fileName: string;
  delimiter: string;
  columns: { header: string; field: string }[];
  /** Those a column may hold besides the ones that `fields` adds. */
  fields: readonly string[];
}

function csvFile(usual: Usual) {
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
    columns: Columns.default(usual.columns).describe(
      `The columns in their order; the fields are ${usual.fields.join(', ')} and those that \`fields\` adds.`,
    ),
  })
    .superRefine((file, context) => {
      if (isReached(context.issues, ['encoding']) && file.encoding !== 'utf-8') checkEncoding(file, context);
    }, always)
    .transform((file) => ({ ...file, bom: file.bom ?? file.encoding === 'utf-8' }))
    .prefault({});
}

function isPlainFileName(name: string): boolean {
  return /^[^./\\\p{Cc}\p{Cs}][^/\\\p{Cc}\p{Cs}]*$/u.test(name) && Buffer.byteLength(name) <= 200;
}

interface Encoded {
  encoding: string;
  bom?: boolean | undefined;
  delimiter: string;
  columns: { header: string }[];
}

function checkEncoding({ encoding, bom, delimiter, columns }: Encoded, context: z.core.$RefinementCtx): void {
  const fault = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
  const isLost = (path: PropertyKey[], value: string) =>
    isSound(context.issues, path) && iconv.decode(iconv.encode(value, encoding), encoding) !== value;

  if (bom === true) fault(['bom'], `expected false, as ${encoding} has no byte order mark`);
  if (isLost(['delimiter'], delimiter)) fault(['delimiter'], `expected a character that ${encoding} can hold`);
  if (!isReached(context.issues, ['columns'])) return;
  for (const [index, column] of columns.entries()) {
    const path = ['columns', index, 'header'];
    if (isReached(context.issues, ['columns', index]) && isLost(path, column.header))
      fault(path, `expected characters that ${encoding} can hold`);
  }
}
