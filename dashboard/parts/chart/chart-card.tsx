import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { text } from '../../text/text.ts';
import { Card } from '../card.tsx';
import { Button } from '../button.tsx';

interface ChartCardProps {
  title: string;
  /** The value that is pointed at, or the newest one. */
  reading: string;
  chart: ComponentChildren;
  table: () => ComponentChildren;
}

/** A chart, and the same numbers as a table for those who would rather read them. */
export function ChartCard({ title, reading, chart, table }: ChartCardProps) {
  const [isTable, setTable] = useState(false);
  const { asTable, asChart } = text().overview;
  return (
    <Card
      title={title}
      aside={
        <Button small kind="quiet" onClick={() => setTable(!isTable)}>
          {isTable ? asChart : asTable}
          <span class="unseen">: {title}</span>
        </Button>
      }
    >
      {isTable ? (
        <div class="chart-table" tabIndex={0} role="region" aria-label={title}>
          {table()}
        </div>
      ) : (
        <>
          <p class="reading">{reading}</p>
          {chart}
        </>
      )}
    </Card>
  );
}
