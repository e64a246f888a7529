import { useMemo, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Statistics } from '../../api/types.ts';
import { formatCalendarDay, formatNumber } from '../../format.ts';
import { ChartCard } from '../../parts/chart/chart-card.tsx';
import { Plot, type Colours } from '../../parts/chart/plot.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { text } from '../../text/text.ts';
import { actionDays, groups, heightFor, type ActionDay } from './action-groups.ts';

/** What was done on each day, by kind. */
export function ActionsCard({ statistics }: { statistics: Statistics }) {
  const [point, setPoint] = useState<number | null>(null);
  const days = useMemo(() => actionDays(statistics), [statistics]);
  const data = useMemo(() => stacked(days), [days]);
  const { overview, words } = text();
  const total = days.reduce((sum, day) => sum + day.total, 0);
  const says = overview.actionsSay(
    total,
    formatNumber(total),
    formatCalendarDay(statistics.from),
    formatCalendarDay(statistics.to),
  );
  const height = useMemo(() => heightFor(days), [days]);
  const above = days.filter((day) => day.total > height);
  const pointed = point === null ? undefined : days[point];
  const shown = groups.filter((group) => days.some(({ counts }) => counts[group] > 0));
  return (
    <ChartCard
      title={overview.chartActions}
      reading={pointed ? readingOf(pointed) : says}
      chart={
        total === 0 ? (
          <p class="soft">{overview.actionsEmpty}</p>
        ) : (
          <>
            <Plot
              says={says}
              height={220}
              room={halfDay}
              data={data}
              range={() => [0, height]}
              onPoint={setPoint}
              series={bars}
            />
            <ul class="legend">
              {shown.map((group) => (
                <li key={group}>
                  <span class={`swatch swatch-${group}`} />
                  {words.groups[group]}
                </li>
              ))}
            </ul>
            {above.length > 0 && (
              <p class="small soft">
                {overview.actionsAbove(
                  above.map(({ day, total: count }) => `${formatCalendarDay(day)} (${formatNumber(count)})`).join(', '),
                )}
              </p>
            )}
          </>
        )
      }
      table={() => (
        <DataTable
          caption={overview.chartActions}
          rows={days.filter((day) => day.total > 0).reverse()}
          keyOf={({ day }) => day}
          columns={[
            { head: overview.day, isTitle: true, cell: ({ day }) => formatCalendarDay(day) },
            ...shown.map((group) => ({
              head: words.groups[group],
              isNumber: true,
              cell: ({ counts }: ActionDay) => formatNumber(counts[group]),
            })),
          ]}
        />
      )}
    />
  );

  function readingOf({ day, counts }: ActionDay): string {
    const parts = groups.filter((group) => counts[group] > 0);
    const said = parts.map((group) => `${words.groups[group].toLowerCase()} ${formatNumber(counts[group])}`);
    return `${formatCalendarDay(day)}: ${said.join(', ') || formatNumber(0)}`;
  }
}

const halfDay = 43_200;

/** Bars stand behind each other, the tallest first: each shows as much as it is taller than the next. */
function stacked(days: readonly ActionDay[]): uPlot.AlignedData {
  const tallestFirst = groups.map((_group, index) =>
    days.map(({ counts }) => groups.slice(index).reduce((sum, group) => sum + counts[group], 0)),
  );
  return [days.map(({ day }) => Date.parse(`${day}T12:00:00Z`) / 1000), ...tallestFirst];
}

function bars(colours: Colours): uPlot.Series[] {
  const paths = uPlot.paths.bars?.({ size: [0.72, 28], radius: 0.15 });
  return groups.map((group) => ({
    ...(paths && { paths }),
    fill: colours(`--kind-${group}`),
    width: 0,
    points: { show: false },
  }));
}
