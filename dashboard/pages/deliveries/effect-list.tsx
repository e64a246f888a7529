import { useId, useState } from 'preact/hooks';
import { formatNumber } from '../../format.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { text } from '../../text/text.ts';

interface EffectListProps<Row> {
  title: string;
  /** What to look at, where the title does not say it. */
  says?: string;
  /** How many there are; the list itself may be cut. */
  total: number;
  rows: readonly Row[];
  /** What the filter looks at. */
  wordsOf: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** A list of names takes less room than a table of one column. */
  asNames?: boolean;
}

const atFirst = 12;
const namesAtFirst = 100;
const enoughToFilter = 15;

/** Who is behind one number: a few at first, the rest on demand, with a filter where there are many. */
export function EffectList<Row>({ title, says, total, rows, wordsOf, columns, asNames = false }: EffectListProps<Row>) {
  const [shown, setShown] = useState(asNames ? namesAtFirst : atFirst);
  const [wanted, setWanted] = useState('');
  const id = useId();
  const { deliveries, more } = text();
  if (total === 0) return null;
  const fitting = rows.filter((row) => wordsOf(row).toLowerCase().includes(wanted.trim().toLowerCase()));
  return (
    <section class="stack" aria-labelledby={id}>
      <div class="row effect-list-head">
        <h3 id={id}>
          {title} <span class="soft">{formatNumber(total)}</span>
        </h3>
        {rows.length >= enoughToFilter && (
          <input
            type="search"
            class="small-input"
            aria-label={`${deliveries.filter}: ${title}`}
            placeholder={deliveries.filter}
            value={wanted}
            onInput={({ currentTarget }) => setWanted(currentTarget.value)}
          />
        )}
      </div>
      {says !== undefined && <p class="small soft">{says}</p>}
      {asNames ? (
        <ul class="chips" aria-labelledby={id}>
          {fitting.slice(0, shown).map((row, index) => (
            <li key={index}>{columns[0]?.cell(row)}</li>
          ))}
        </ul>
      ) : (
        <DataTable caption={title} columns={columns} rows={fitting.slice(0, shown)} keyOf={(_row, index) => index} />
      )}
      {fitting.length > shown && (
        <div class="row">
          <Button small onClick={() => setShown(shown + 100)}>
            {more}
          </Button>
          <span class="small soft">{deliveries.filtered(formatNumber(shown), formatNumber(fitting.length))}</span>
        </div>
      )}
      {rows.length < total && fitting.length <= shown && (
        <p class="small soft">{deliveries.cut(formatNumber(rows.length), formatNumber(total))}</p>
      )}
    </section>
  );
}
