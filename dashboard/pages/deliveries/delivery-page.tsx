import { useState } from 'preact/hooks';
import type { RunDetail, RunState } from '../../api/types.ts';
import { overview } from '../../api/overview.ts';
import { closely, useData } from '../../api/use-data.ts';
import { formatMoment } from '../../format.ts';
import { EffectCard } from './effect-card.tsx';
import { Loaded } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { RunBadge } from '../../parts/run-badge.tsx';
import { addressOf } from '../../route.ts';
import { text } from '../../text/text.ts';
import { AttemptsCard, CourseCard } from './course-cards.tsx';
import { RunDialog, type RunDecision } from './delivery-dialogs.tsx';
import { FilesCard } from './files-card.tsx';
import { FindingsCard } from './findings-card.tsx';
import { GuardsCard } from './guards-card.tsx';
import { WhyNotice } from './why-notice.tsx';

const movingStates: readonly RunState[] = ['waiting', 'rendering', 'delivering'];
const movingStatesPaused: readonly RunState[] = ['rendering'];

/** One run: why it is where it is, whom it touches, and what can be decided. */
export function DeliveryPage({ id }: { id: string }) {
  const [isMoving, setMoving] = useState(true);
  const data = useData<RunDetail>(`exports/${encodeURIComponent(id)}`, isMoving ? closely : 8_000);
  const [asks, setAsks] = useState<{ decision: RunDecision; run: RunDetail } | null>(null);
  const { deliveries } = text();
  const run = data.value;
  const moves = run !== null && (overview.value?.paused ? movingStatesPaused : movingStates).includes(run.state);
  if (run !== null && moves !== isMoving) setMoving(moves);
  const when = run && (run.dueAt ?? run.createdAt);
  return (
    <Page
      title={deliveries.runTitle(Number(id) || 0)}
      back={{ to: addressOf({ page: 'deliveries', run: null }), word: deliveries.back }}
      lead={
        run && (
          <p class="row soft" role="status">
            <RunBadge state={run.state} />
            {when !== null && <time dateTime={when}>{formatMoment(when)}</time>}
          </p>
        )
      }
    >
      {data.failure?.kind === 'refused' && data.failure.status === 404 ? (
        <Notice tone="calm" title={deliveries.notFound} />
      ) : (
        <Loaded data={data}>
          {(shown) => (
            <>
              <WhyNotice run={shown} decide={(decision) => setAsks({ decision, run: shown })} />
              <div class="grid grid-wide">
                <div class="grid grid-top">
                  <EffectCard effect={shown.effect} who={shown.effect?.who ?? null} />
                  <FindingsCard run={shown} onSeen={data.reload} />
                </div>
                <div class="grid grid-top">
                  <CourseCard run={shown} />
                  <FilesCard run={shown} />
                  <GuardsCard run={shown} />
                  <AttemptsCard attempts={shown.attempts} />
                </div>
              </div>
            </>
          )}
        </Loaded>
      )}
      {asks && (
        <RunDialog
          {...asks}
          onClose={() => setAsks(null)}
          onDone={(next) => {
            data.replace(next);
            data.reload();
          }}
        />
      )}
    </Page>
  );
}
