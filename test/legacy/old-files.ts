import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../helpers.ts';

type Cell = string | null;

export const personHeaders = ['voornaam', 'tussenvoegsel', 'achternaam', 'geslacht', 'email', 'gebruikersnaam'];
export const roleHeaders = ['Organisatorische Eenheid', 'Gebruikersnaam', 'Functieprofiel Code'];

/** The text that Export-Csv of Windows PowerShell 5.1 writes: a byte order mark, everything quoted but null, CRLF. */
export function exportCsv(headers: string[], rows: Cell[][], delimiter: string): string {
  const line = (cells: Cell[]) =>
    cells.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(delimiter);
  return `\uFEFF${[headers, ...rows].map((cells) => `${line(cells)}\r\n`).join('')}`;
}

/** Both files as the earlier connector exports them, in a folder of the test's own; `headers` of the persons file may be others. */
export function oldFiles(
  persons: Cell[][],
  roles: Cell[][],
  headers: string[] = personHeaders,
): [persons: string, roles: string] {
  const folder = temporaryFolder();
  const [personsPath, rolesPath] = [join(folder, 'ProActive.csv'), join(folder, 'ProActiveRoles.csv')];
  writeFileSync(personsPath, exportCsv(headers, persons, ';'));
  writeFileSync(rolesPath, exportCsv(roleHeaders, roles, ','));
  return [personsPath, rolesPath];
}

/** The row of somebody made by `createBody(number)`. */
export function personRow(number: number, username = `p${number}`): Cell[] {
  return ['Anna', null, `Jansen ${number}`, 'V', `p${number}@waterrijk-zorg.example`, username];
}

export function roleRow(username: string, unit = 'Thuiszorg Noord', profile = 'TL-ZORG'): Cell[] {
  return [unit, username, profile];
}
