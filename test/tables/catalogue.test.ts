import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogueTable } from '../../shared/tables/catalogue.ts';
import { temporaryFolder } from '../helpers.ts';

/** The entries of a table with this content, as a list. */
async function entriesOf(content: string | Buffer, fits: (text: string) => boolean = () => true) {
  const path = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(path, content);
  return [...(await catalogueTable(path, fits).entries()).values()];
}

const entry = { reference: 'a', unit: 'Zorg', profile: 'LEZER', name: 'Lezer' };

test.each([
  ['commas', 'reference,unit,profile,name\na,Zorg,LEZER,Lezer\n'],
  [
    'semicolons, a byte order mark and CRLF, as a Dutch Excel saves it',
    '\uFEFFreference;unit;profile;name\r\na;Zorg;LEZER;Lezer\r\n',
  ],
  ['quotes', '"reference","unit","profile","name"\n"a","Zorg","LEZER","Lezer"'],
  [
    'other casing, order, columns and blanks',
    ' Name ;remark;REFERENCE;Profile;unit\n Lezer ;x;a; LEZER;Zorg \n\n;;;;\n',
  ],
])('a table with %s is read', async (_what, content) => {
  expect(await entriesOf(content)).toEqual([entry]);
});

test('quotes, line ends and delimiters inside a value stay, and a missing name is made', async () => {
  expect(await entriesOf('reference;unit;profile;name\n"a|\\b";"Inkoop; ""food""";"X\nY";\n')).toEqual([
    { reference: 'a|\\b', unit: 'Inkoop; "food"', profile: 'X\nY', name: 'Inkoop; "food" - X\nY' },
  ]);
});

test.each<[string, string | Buffer, string]>([
  ['nothing in it', '', 'rollen.csv line 1: the file is empty'],
  ['empty lines alone', '\n;;;\n', 'rollen.csv line 1: the file is empty'],
  ['a missing column', 'reference,unit,name\na,Zorg,Lezer\n', 'line 1: the column(s) profile are missing'],
  ['an empty reference', 'reference,unit,profile,name\n,Zorg,LEZER,Lezer\n', 'line 2: reference is empty'],
  ['a short line', 'reference,unit,profile,name\na,Zorg,LEZER\n', 'line 2: 3 value(s), where the first line has 4'],
  [
    'a reference twice',
    'reference,unit,profile,name\na,Z,L,x\n\nb,Z,L,x\na,Z,L,x\n',
    'line 5: its reference stands on line 2 already',
  ],
  [
    'a control character',
    'reference,unit,profile,name\na,Z\u0007,L,x\n',
    'line 2: unit holds the control character U+0007',
  ],
  ['a long text', `reference,unit,profile,name\na,Z,L,${'x'.repeat(201)}\n`, 'line 2: name is 201 characters long'],
  [
    'an open quote',
    'reference,unit,profile,name\na,"Z,L,x\nb,Z,L,x\n',
    'line 2: a double quote is opened and never closed',
  ],
  ['text behind a quote', 'reference,unit,profile,name\na,"Z"x,L,x\n', 'line 2: text follows a closing double quote'],
  ['a quote inside a value', 'reference,unit,profile,name\na,Z "x",L,x\n', 'line 2: a double quote stands inside'],
  ['another encoding', Buffer.from('reference,unit,profile,name\na,Zo\xeb,L,x\n', 'latin1'), 'is not UTF-8 text'],
])('a table with %s is refused and says where', async (_what, content, message) => {
  await expect(entriesOf(content)).rejects.toMatchObject({
    code: 'broken-table',
    message: expect.stringContaining(message) as string,
  });
});

test('a line after a value with line ends is named by its number in the file', async () => {
  const content = 'reference,unit,profile,name\na,"Z\n\nZ",L,x\nb,,L,x\n';
  await expect(entriesOf(content)).rejects.toThrow('line 5: unit is empty');
});

test("text that the files' encoding cannot hold is named", async () => {
  await expect(entriesOf('reference,unit,profile,name\na,Łódź,L,x\n', (text) => !text.includes('Ł'))).rejects.toThrow(
    "line 2: unit holds a character that the files' encoding does not have",
  );
});

test('every bad line is named, up to twenty', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `r${index},,L,x`).join('\n');
  const failure = entriesOf(`reference,unit,profile,name\n${lines}\n`);
  await expect(failure).rejects.toThrow(/line 2: .*line 21: unit is empty; and 10 more$/);
});
