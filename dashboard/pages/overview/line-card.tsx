import { useMemo, useState } from 'preact/hooks';
import type { Statistics } from '../../api/types.ts';
import { formatDay, formatMoment, formatNumber } from '../../format.ts';
import { ChartCard } from '../../parts/chart/chart-card.tsx';
import { Plot } from '../../parts/chart/plot.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { text } from '../../text/text.ts';

type Delivered = Statistics['deliveries'][number];

/** Persons or roles of each delivery, over time. */
export function LineCard({
  title,
  what,
  deliveries,
}: {
  title: string;
  what: 'persons' | 'roles';
  deliveries: Delivered[];
}) {
  const [point, setPoint] = useState<number | null>(null);
  const data = useMemo(
    () =>
      [deliveries.map(({ at }) => Date.parse(at) / 1000), deliveries.map((one) => one[what])] as [number[], number[]],
    [deliveries, what],
  );
  const { overview, deliveries: words } = text();
  const newest = deliveries.at(-1);
  const pointed = point === null ? undefined : deliveries[point];
  return (
    <ChartCard
      title={title}
      reading={
        pointed
          ? `${formatDay(pointed.at)}: ${formatNumber(pointed[what])}`
          : newest
            ? overview.chartNow(formatNumber(newest[what]))
            : ''
      }
      chart={
        deliveries.length < 2 ? (
          <p class="soft">{overview.chartEmpty}</p>
        ) : (
          <Plot
            says={summary()}
            height={180}
            data={data}
            range={around}
            onPoint={setPoint}
            series={(colours) => [
              {
                stroke: colours('--accent'),
                width: 2,
                fill: colours('--accent-soft'),
                points: { show: false },
              },
            ]}
          />
        )
      }
      table={() => (
        <DataTable
          caption={title}
          rows={deliveries.toReversed()}
          keyOf={({ run }) => run}
          columns={[
            { head: words.when, isTitle: true, cell: ({ at }) => <time dateTime={at}>{formatMoment(at)}</time> },
            { head: title, isNumber: true, cell: (one) => formatNumber(one[what]) },
          ]}
        />
      )}
    />
  );

  function summary(): string {
    const values = deliveries.map((one) => one[what]);
    const [from, to] = [deliveries[0]?.at ?? '', newest?.at ?? ''];
    const numbers = [values[0], values.at(-1), Math.min(...values), Math.max(...values)];
    const [first = '', last = '', low = '', high = ''] = numbers.map((value) => formatNumber(value ?? 0));
    return overview.chartSays(title, formatDay(from), formatDay(to), first, last, low, high);
  }
}

/** Some room around the line: it is its changes that matter, and a full axis would flatten them. */
function around(_plot: unknown, low: number | null, high: number | null): [number, number] {
  const [from, to] = [low ?? 0, high ?? 1];
  const room = Math.max((to - from) * 0.25, to * 0.01, 2);
  return [Math.max(0, Math.floor(from - room)), Math.ceil(to + room)];
}
