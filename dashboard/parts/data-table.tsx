import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  head: string;
  cell: (row: Row) => ComponentChildren;
  isNumber?: boolean;
  /** What the row is about: the heading of its card on a phone. */
  isTitle?: boolean;
}

interface DataTableProps<Row> {
  /** For screen readers: what the table is. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, index: number) => string | number;
}

/** A table that becomes a list of cards on a phone; the roles are spelt out because that changes its boxes. */
export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    <div class="table-wrap">
      <table class="table table-cards" role="table">
        <caption class="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ head, isNumber }) => (
              <th key={head} role="columnheader" scope="col" class={isNumber ? 'is-number' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)} role="row">
              {columns.map(({ head, cell, isNumber, isTitle }) => (
                <td key={head} role="cell" data-label={head} class={classOf(isNumber, isTitle)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf(isNumber = false, isTitle = false): string | undefined {
  return [isNumber && 'is-number', isTitle && 'is-title'].filter(Boolean).join(' ') || undefined;
}
