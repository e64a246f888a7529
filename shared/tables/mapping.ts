import { isBlank, textProblem, type Fits } from '../domain/text.ts';
import type { Mapping } from '../domain/tables.ts';
import { readTableRecords } from './csv-table.ts';
import { tableFile } from './table-file.ts';

/**
 * Reads `roles.unitTable` or `roles.profileTable`: HelloID's code in the first column, the code or name as registered in Spend Cloud in the
 * second; further columns are notes. A first line with headings does no harm: it maps a code that nobody has.
 */
export function mappingTable(path: string | null, setting: string, fits: Fits): () => Mapping {
  return tableFile(path, setting, (text, report) => {
    const mapping = new Map<string, string>();
    for (const { line, cells } of readTableRecords(text, ['code', 'registered'], report)) {
      const [code = '', registered = ''] = cells.map((cell) => cell.trim().normalize('NFC'));
      const problem = isBlank(registered) ? 'has no second value' : textProblem(registered, fits);
      if (isBlank(code)) report(line, 'has no code in the first column');
      else if (problem) report(line, problem);
      else if (mapping.has(code) && mapping.get(code) !== registered)
        report(line, 'maps a code that an earlier line maps to something else');
      else mapping.set(code, registered);
    }
    return mapping;
  });
}
