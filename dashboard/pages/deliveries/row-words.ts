import type { Effect } from '../../api/types.ts';
import { formatNumber } from '../../format.ts';
import { text } from '../../text/text.ts';

export function rowWords(rows: number): string {
  return text().deliveries.rows(rows, formatNumber(rows));
}

/** The rows of the persons file, and how many of them say that somebody is not active any more. */
export function personRows(rows: number, effect: Pick<Effect, 'persons'> | null): string {
  const inactive = effect === null ? 0 : rows - effect.persons.total;
  return inactive > 0 ? `${rowWords(rows)}, ${text().deliveries.inactiveRows(formatNumber(inactive))}` : rowWords(rows);
}
