import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contract, createBody, testServer, updateBody } from '../helpers.ts';

/** The golden files are written by hand from interface section 6; these are the people in them, sent in another order. */
const people = [
  createBody(
    '7',
    { voornaam: 'Éva', achternaam: 'Éclair', email: 'e.eclair@waterrijk-zorg.example', gebruikersnaam: 'éclair' },
    [contract('7-1', ['Ärztedienst', 'D7'], ['Arts', 'ARTS']), contract('7-2', ['Zorg', 'D8'], ['Medewerker', 'MDW'])],
  ),
  createBody(
    '6',
    {
      voornaam: 'Seán',
      achternaam: "O'Brien",
      geslacht: 'M',
      email: 's.obrien@waterrijk-zorg.example',
      gebruikersnaam: 'sobrien',
    },
    [
      contract('6-1', ['Inkoop "Food";\r\ncontracten', 'D6'], ['Inkoper', 'INK;MED']),
      contract('6-2', ['Inkoop "Food";\r\ncontracten', 'D6'], ['Inkoper', 'INK;MED']),
    ],
  ),
  createBody(
    '5',
    {
      voornaam: 'Ren\u00E9e',
      tussenvoegsel: 'van den',
      achternaam: 'Brink - de Vries',
      email: 'rvdbrink@waterrijk-zorg.example',
      gebruikersnaam: 'rvdbrink',
    },
    [],
  ),
  createBody('8', { voornaam: 'Wim', achternaam: 'Uit', gebruikersnaam: 'wuit' }),
  createBody(
    '4',
    { voornaam: 'Lia', achternaam: 'Regel\r\nTwee', geslacht: 'O', email: null, gebruikersnaam: 'lregel' },
    [],
  ),
  createBody(
    '3',
    {
      voornaam: 'Jan "Joop"',
      tussenvoegsel: 'de',
      achternaam: 'Jansen; Pieters',
      geslacht: 'M',
      email: 'j.jansen@waterrijk-zorg.example',
      gebruikersnaam: 'jjansen',
    },
    [contract('3-1', ['Inkoop', 'D6'], ['Inkoper', 'INK'], false)],
  ),
  createBody(
    '2',
    {
      voornaam: 'Anouk',
      tussenvoegsel: "'t",
      achternaam: 'Hart',
      email: 'a.hart@waterrijk-zorg.example',
      gebruikersnaam: 'ahart',
    },
    [
      contract('2-1', ['Thuiszorg Noord', 'D0310'], ['Teamleider zorg', 'TL-ZORG']),
      contract('2-2', ['Directie & Staf', 'D0500'], ['Manager', 'MGR']),
      contract('2-3', ['Thuiszorg Noord', 'D0310'], ['Medewerker', 'MDW']),
    ],
  ),
  createBody(
    '1',
    {
      voornaam: 'Zoe\u0308',
      tussenvoegsel: '',
      achternaam: 'Zwart',
      email: 'z.zwart@waterrijk-zorg.example',
      gebruikersnaam: 'Zwart',
    },
    [contract('1-1', ['Zorg, Noord', 'D1'], ['Medewerker', 'MDW'])],
  ),
];

test('the delivered pair equals the golden files, byte for byte, and again when nothing changed', async () => {
  const server = await testServer();
  for (const person of people)
    expect((await server.post('helloid/create', person)).json).toMatchObject({ Success: true });
  await server.post('helloid/disable', updateBody('SC-8', null)); // never delivered, and so never inactive
  for (const round of [1, 2]) {
    const run = await server.app.daily.runNow();
    await server.app.daily.settled();
    expect((await server.get(`exports/${run.id}`)).json).toMatchObject({
      id: round,
      state: 'delivered',
      files: [{ rows: 7 }, { rows: 7 }],
    });
    for (const name of ['Users.csv', 'Roles.csv']) {
      const golden = await readFile(new URL(`../golden/${name}`, import.meta.url));
      expect(await readFile(join(server.app.config.dataDir, 'outbox', name))).toEqual(golden);
      expect(Buffer.from((await server.get(`exports/${run.id}/files/${name}`)).text)).toEqual(golden);
    }
  }
});
