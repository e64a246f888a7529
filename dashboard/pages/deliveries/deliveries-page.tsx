import { useState } from 'preact/hooks';
import { isBusy, overview } from '../../api/overview.ts';
import type { Run, RunPage } from '../../api/types.ts';
import { closely, useData } from '../../api/use-data.ts';
import { useMore } from '../../api/use-more.ts';
import { formatMoment, formatNumber } from '../../format.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { effectWords } from '../../parts/effect-figures.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loading.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { RunBadge } from '../../parts/run-badge.tsx';
import { addressOf } from '../../route.ts';
import { mayDecide } from '../../session.ts';
import { text } from '../../text/text.ts';
import { PauseDialog, RunNowDialog } from './delivery-dialogs.tsx';

/** Every run, newest first, and what an operator may do about all of them. */
export function DeliveriesPage() {
  const data = useData<RunPage>('exports?limit=50', isBusy() ? closely : 5_000);
  const more = useMore<Run>('exports?limit=50', data, 'exports');
  const [asks, setAsks] = useState<'run' | 'pause' | null>(null);
  const { deliveries } = text();
  return (
    <Page title={deliveries.title} lead={<p class="soft">{deliveries.lead}</p>} actions={<Actions ask={setAsks} />}>
      <Card title={deliveries.caption}>
        <Loaded data={data}>{({ exports }) => <RunTable runs={[...exports, ...more.items]} />}</Loaded>
        <MoreButton more={more} />
      </Card>
      {asks === 'run' && <RunNowDialog onClose={() => setAsks(null)} onDone={data.reload} />}
      {asks === 'pause' && <PauseDialog isPaused={isPaused()} onClose={() => setAsks(null)} />}
    </Page>
  );
}

function Actions({ ask }: { ask: (what: 'run' | 'pause') => void }) {
  const { deliveries } = text();
  return (
    <>
      <a class="button" href={addressOf({ page: 'deliveries', run: 'preview' })}>
        {deliveries.preview}
      </a>
      {mayDecide() && (
        <>
          <Button icon={isPaused() ? 'play' : 'pause'} onClick={() => ask('pause')}>
            {isPaused() ? deliveries.resume : deliveries.pause}
          </Button>
          <Button kind="primary" icon="send" onClick={() => ask('run')}>
            {deliveries.runNow}
          </Button>
        </>
      )}
    </>
  );
}

function isPaused(): boolean {
  return overview.value !== null && overview.value.paused !== null;
}

function RunTable({ runs }: { runs: readonly Run[] }) {
  const { deliveries, words } = text();
  if (runs.length === 0) return <Empty title={deliveries.empty}>{deliveries.emptyText}</Empty>;
  return (
    <DataTable
      caption={deliveries.caption}
      rows={runs}
      keyOf={({ id }) => id}
      columns={[
        {
          head: deliveries.run,
          isTitle: true,
          cell: ({ id }) => <a href={addressOf({ page: 'deliveries', run: String(id) })}>{deliveries.runTitle(id)}</a>,
        },
        {
          head: deliveries.when,
          cell: ({ dueAt, createdAt, trigger }) => (
            <>
              <time dateTime={dueAt ?? createdAt}>{formatMoment(dueAt ?? createdAt)}</time>
              {trigger === 'manual' && <span class="soft small"> {words.triggers.manual}</span>}
            </>
          ),
        },
        { head: deliveries.state, cell: ({ state }) => <RunBadge state={state} /> },
        {
          head: deliveries.active,
          isNumber: true,
          cell: ({ effect }) => effect && formatNumber(effect.persons.total),
        },
        { head: deliveries.roles, isNumber: true, cell: ({ effect }) => effect && formatNumber(effect.roles.total) },
        { head: deliveries.effect, cell: ({ effect }) => effect && <span class="small">{effectWords(effect)}</span> },
      ]}
    />
  );
}
