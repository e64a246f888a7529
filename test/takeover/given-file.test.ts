import iconv from 'iconv-lite';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileFormat } from '../../shared/export/file-format.ts';
import { Policy } from '../../shared/policy.ts';
import { columnsOf } from '../../shared/takeover/given-columns.ts';
import { readGivenFile, type GivenFile } from '../../shared/takeover/given-file.ts';
import { temporaryFolder } from '../helpers.ts';

const usual = Policy.parse({}).files.persons;

function given(content: string | Buffer, format: FileFormat = usual): GivenFile {
  const path = join(temporaryFolder(), 'Users.csv');
  writeFileSync(path, content);
  return readGivenFile(path, format);
}

const header = 'voornaam;achternaam;gebruikersnaam;passief';

test('delimiter, quotes, line ends, encoding and byte order mark are read from the bytes', () => {
  const quoted = '"voornaam","gebruikersnaam"\r\n"René","r"\r\n';
  expect(given(`\uFEFF${quoted}`).layout).toEqual({
    ...{ delimiter: ',', quote: 'always', lineEnd: 'crlf', encoding: 'utf-8', bom: true },
  });
  expect(given(iconv.encode(quoted, 'windows-1252'))).toMatchObject({
    layout: { encoding: 'windows-1252', bom: false },
    rows: [{ line: 2, cells: [{ text: 'René', quoted: true }, { text: 'r' }] }],
  });
  expect(given('voornaam\tgebruikersnaam\nAn\t"x\ty"\n').layout).toEqual({
    ...{ delimiter: '\t', quote: 'needed', lineEnd: 'lf', encoding: 'utf-8', bom: false },
  });
});

test('plain ASCII says nothing about the encoding, so that of the settings stays', () => {
  const latin = { ...usual, encoding: 'iso-8859-15', bom: false };
  expect(given(`${header}\r\n`, latin).layout).toMatchObject({ encoding: 'iso-8859-15', bom: false });
  expect(given(`${header}\r\n`).layout).toMatchObject({ encoding: 'utf-8', bom: false });
});

test('a value with delimiter, quotes and a line end is one value, and the next row has the line it begins on', () => {
  const { rows } = given('"voornaam";"gebruikersnaam"\r\n"a;""b""\r\nc";"x"\r\n"d";"y"\r\n');
  expect(rows.map(({ line, cells }) => [line, ...cells.map(({ text }) => text)])).toEqual([
    [2, 'a;"b"\r\nc', 'x'],
    [4, 'd', 'y'],
  ]);
});

test('what an active person has in passief is nothing or an empty text, as most rows have it', () => {
  const status = (...cells: string[]) => {
    const file = given(`"voornaam";"passief"\r\n${cells.map((cell) => `"a";${cell}\r\n`).join('')}`);
    return columnsOf(file, 'persons', usual.columns, []).at(-1);
  };
  expect(status('', '', '""', '"Ja"')).toEqual({ header: 'passief', status: { active: null, inactive: 'Ja' } });
  expect(status('""', '""', '', '"ja"')).toEqual({ header: 'passief', status: { active: '', inactive: 'ja' } });
});

test('headers of the oldest release and of the settings are known, and another is refused by its name', () => {
  const fields = (headers: string, inForce = usual.columns) =>
    columnsOf(given(`${headers}\r\n`), 'persons', inForce, []).map(({ field }) => field);
  expect(fields('email;achternaam;voornamen;adfs_login')).toEqual([
    'email',
    'achternaam',
    'voornaam',
    'gebruikersnaam',
  ]);
  expect(fields('Login;email', [{ header: 'Login', field: 'gebruikersnaam' }])).toEqual(['gebruikersnaam', 'email']);
  expect(() => fields('Login;email')).toThrow(/has the column\(s\) Login\. Say in files\.persons\.columns/);
});

test('what is no such file is refused with lines and without values', () => {
  const message = (content: string | Buffer) => {
    try {
      given(content);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };
  expect(message(`${header}\r\nAn;Geheim\r\n`)).toMatch(/line 2: 2 value\(s\), where the first line has 4$/);
  expect(message(`${header}\r\n"An;Geheim\r\n`)).toMatch(/line 2: a double quote is not closed/);
  expect(message(iconv.encode(header, 'utf-16'))).toMatch(/UTF-16/);
  expect(message('')).toMatch(/first line is empty/);
});
