import { useEffect, useState } from 'preact/hooks';
import type { Statistics } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { Loaded } from '../../parts/loading.tsx';
import { text } from '../../text/text.ts';
import { ActionsCard } from './actions-card.tsx';
import { LineCard } from './line-card.tsx';

const periods = [30, 90, 365] as const;

/** How things went: asked for again when something new was delivered. */
export function Charts({ newest }: { newest: number | null }) {
  const [days, setDays] = useState<(typeof periods)[number]>(90);
  const data = useData<Statistics>(`statistics?days=${days}`, null, true);
  useEffect(() => {
    if (data.value && data.value.deliveries.at(-1)?.run !== newest) data.reload();
  }, [newest]);
  const { overview } = text();
  return (
    <>
      <div class="row">
        <span class="label" aria-hidden="true">
          {overview.period}
        </span>
        <div class="switch" role="group" aria-label={overview.period}>
          {periods.map((period) => (
            <button key={period} type="button" aria-pressed={period === days} onClick={() => setDays(period)}>
              {overview.periods[period]}
            </button>
          ))}
        </div>
      </div>
      <Loaded data={data}>
        {(statistics) => (
          <>
            <div class="grid grid-2">
              <LineCard title={overview.chartPersons} what="persons" deliveries={statistics.deliveries} />
              <LineCard title={overview.chartRoles} what="roles" deliveries={statistics.deliveries} />
            </div>
            <ActionsCard statistics={statistics} />
          </>
        )}
      </Loaded>
    </>
  );
}
