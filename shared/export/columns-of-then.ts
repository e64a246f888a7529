import { cellsOf } from './csv-records.ts';
import type { FileFormat, Row } from './file-format.ts';

/** A record of a kept file in the columns of now; `state` says what goes into the status column. */
export function inColumnsOfNow(
  record: string,
  then: FileFormat,
  now: FileFormat,
  state: 'active' | 'inactive' = 'active',
): Row {
  const cells = cellsOf(record, then);
  const values = new Map(then.columns.map(({ header }, index) => [header, cells[index] ?? '']));
  return now.columns.map(({ header, status }) => (status ? status[state] : (values.get(header) ?? '')));
}
