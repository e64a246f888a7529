import { useState } from 'preact/hooks';
import { ask, type Failure } from '../../api/client.ts';
import { overview } from '../../api/overview.ts';
import type { PauseState, Run, RunDetail } from '../../api/types.ts';
import { announce } from '../../parts/announce.tsx';
import { DecisionDialog } from '../../parts/decision-dialog.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EffectFigures } from '../../parts/effect-figures.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { addressOf } from '../../route.ts';
import { text } from '../../text/text.ts';

/** A run by hand: no name is asked, because it passes the same checks as each night. */
export function RunNowDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { deliveries } = text();

  async function run(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    const answered = await ask<Run>('exports', { method: 'POST', body: {} });
    setBusy(false);
    if (!answered.ok) {
      setFailure(answered.failure);
      return;
    }
    announce(deliveries.runNowStarted(answered.value.id));
    onClose();
    onDone();
    location.hash = addressOf({ page: 'deliveries', run: String(answered.value.id) });
  }

  return (
    <Dialog
      title={deliveries.runNowTitle}
      confirm={deliveries.runNow}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={() => void run()}
    >
      <p>{deliveries.runNowText}</p>
      <div role="alert">{failure && <FailureNotice failure={failure} />}</div>
    </Dialog>
  );
}

export function PauseDialog({ isPaused, onClose }: { isPaused: boolean; onClose: () => void }) {
  const [wasPaused] = useState(isPaused); // the poll may say otherwise while somebody types
  const { deliveries } = text();
  return (
    <DecisionDialog<PauseState>
      path={wasPaused ? 'resume' : 'pause'}
      title={wasPaused ? deliveries.resumeTitle : deliveries.pauseTitle}
      confirm={wasPaused ? deliveries.resume : deliveries.pause}
      done={wasPaused ? deliveries.resumed : deliveries.paused}
      onClose={onClose}
      onDone={({ paused }) => {
        if (overview.value) overview.value = { ...overview.value, paused };
      }}
    >
      <p>{wasPaused ? deliveries.resumeText : deliveries.pauseText}</p>
    </DecisionDialog>
  );
}

export type RunDecision = 'release' | 'discard' | 'retry';

interface RunDialogProps {
  decision: RunDecision;
  run: RunDetail;
  onClose: () => void;
  onDone: (run: RunDetail) => void;
}

/** Asks once more, with the numbers, before a run goes out or is given up. */
export function RunDialog({ decision, run: { id, effect }, onClose, onDone }: RunDialogProps) {
  const { deliveries } = text();
  const words = {
    release: {
      title: deliveries.releaseTitle(id),
      says: deliveries.releaseText,
      confirm: deliveries.releaseConfirm(id),
      done: deliveries.released(id),
    },
    discard: {
      title: deliveries.discardTitle(id),
      says: deliveries.discardText,
      confirm: deliveries.discardConfirm(id),
      done: deliveries.discarded(id),
    },
    retry: {
      title: deliveries.retryTitle(id),
      says: deliveries.retryText,
      confirm: deliveries.retryConfirm,
      done: deliveries.retried(id),
    },
  }[decision];
  return (
    <DecisionDialog<RunDetail>
      path={`exports/${id}/${decision}`}
      title={words.title}
      confirm={words.confirm}
      isDangerous={decision === 'discard'}
      done={words.done}
      onClose={onClose}
      onDone={onDone}
    >
      <p>{words.says}</p>
      {effect && <EffectFigures effect={effect} />}
    </DecisionDialog>
  );
}
