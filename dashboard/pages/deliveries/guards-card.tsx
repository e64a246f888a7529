import type { RunDetail, RunState } from '../../api/types.ts';
import { Badge } from '../../parts/badge.tsx';
import { Card } from '../../parts/card.tsx';
import { Said } from '../../text/said.tsx';
import { text } from '../../text/text.ts';

// what stopped a run that stands still is on top of the page, with what can be decided about it
const standsStill: readonly RunState[] = ['held', 'blocked', 'failed'];

/** What the guards said of a run that went on, or was given up. */
export function GuardsCard({ run: { effect, state, reasons, decisions } }: { run: RunDetail }) {
  const { deliveries, by } = text();
  const released = decisions.findLast(({ decision }) => decision === 'release');
  const stopped = standsStill.includes(state) ? [] : reasons;
  if (!released && stopped.length === 0 && (!effect || standsStill.includes(state))) return null;
  return (
    <Card title={deliveries.checks}>
      {released && (
        <p class="break">
          <Badge tone="warn" icon="held" word={deliveries.checksReleased} /> {by(released.by)}
        </p>
      )}
      {stopped.length > 0 && (
        <>
          <p class="small soft">{deliveries.checksStopped}</p>
          <ul class="reasons">
            {stopped.map((reason) => (
              <li key={reason} class="break">
                <Said words={reason} />
              </li>
            ))}
          </ul>
        </>
      )}
      {!released && stopped.length === 0 && (
        <p>
          <Badge tone="good" icon="done" word={deliveries.checksPassed} />
        </p>
      )}
    </Card>
  );
}
