import type { RunDetail } from '../../api/types.ts';
import { overview } from '../../api/overview.ts';
import { formatNear } from '../../format.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { mayDecide } from '../../session.ts';
import { Said } from '../../text/said.tsx';
import { text } from '../../text/text.ts';
import type { RunDecision } from './delivery-dialogs.tsx';

/** Why a run stands still, and the buttons of whoever may decide. */
export function WhyNotice({ run, decide }: { run: RunDetail; decide: (decision: RunDecision) => void }) {
  const { deliveries } = text();
  const { state, reasons, retryAt } = run;
  if (state !== 'held' && state !== 'blocked' && state !== 'failed') return null;
  const words = {
    held: { title: deliveries.whyHeld, says: deliveries.whyHeldText },
    blocked: { title: deliveries.whyBlocked, says: deliveries.whyBlockedText },
    failed: {
      title: deliveries.whyFailed,
      says: retryAt === null ? deliveries.whyFailedStays : deliveries.whyFailedRetry(formatNear(retryAt)),
    },
  }[state];
  return (
    <Notice tone={state === 'held' ? 'warn' : 'bad'} title={words.title}>
      <ul class="reasons">
        {reasons.map((reason) => (
          <li key={reason} class="break">
            <Said words={reason} />
          </li>
        ))}
      </ul>
      <p class="small">{words.says}</p>
      {mayDecide() && (
        <div class="actions">
          {state === 'held' && (
            <Button kind="primary" icon="send" onClick={() => decide('release')}>
              {deliveries.release}
            </Button>
          )}
          {state === 'failed' ? (
            <Button kind="primary" icon="retry" onClick={() => decide('retry')}>
              {deliveries.retry}
            </Button>
          ) : (
            <Button kind="danger" icon="close" onClick={() => decide('discard')}>
              {deliveries.discard}
            </Button>
          )}
        </div>
      )}
      {overview.value?.paused && <p class="small">{deliveries.paused}</p>}
    </Notice>
  );
}
