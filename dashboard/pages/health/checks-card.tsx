import { useState } from 'preact/hooks';
import { ask, atLength, type Failure } from '../../api/client.ts';
import type { Checks } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { formatAgo } from '../../format.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import type { IconName } from '../../parts/icon.tsx';
import { Loaded, Loading } from '../../parts/loading.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { mayDecide } from '../../session.ts';
import { text } from '../../text/text.ts';

type Step = NonNullable<Checks['steps']>[number];

const looks: Record<Step['state'], [Tone, IconName]> = {
  ok: ['good', 'done'],
  warning: ['warn', 'warn'],
  failed: ['bad', 'bad'],
  'not tried': ['calm', 'untried'],
};

/** The doctor's steps; an operator can have the delivery really tried. */
export function ChecksCard() {
  const [wasTried, setTried] = useState(false);
  // what was tried stays in sight: a look that does not try would hide it again
  const data = useData<Checks>('checks', wasTried ? null : 3_000, true);
  const [tried, setShown] = useState<Checks | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { health } = text();

  async function tryDelivery(): Promise<void> {
    setBusy(true);
    const answered = await ask<Checks>('checks', { method: 'POST', patience: atLength });
    setBusy(false);
    setFailure(answered.ok ? null : answered.failure);
    if (!answered.ok) return;
    setTried(true);
    setShown(answered.value);
  }

  return (
    <Card
      title={health.checks}
      aside={
        mayDecide() && (
          <Button small icon="play" busy={isBusy} onClick={() => void tryDelivery()}>
            {health.tryDelivery}
          </Button>
        )
      }
    >
      {mayDecide() && <p class="small soft">{health.tryDeliveryHint}</p>}
      <div role="status">{isBusy && <Loading word={health.tryDeliveryBusy} />}</div>
      <div role="alert">{failure && <FailureNotice failure={failure} />}</div>
      <Loaded data={data}>
        {(looked) => {
          const { steps, at, failed } = tried ?? looked;
          if (failed !== null) return <Notice tone="bad" title={failed} />;
          if (!steps) return <Loading word={health.checksBusy} />;
          return (
            <>
              <ul class="lines">
                {steps.map((step) => (
                  <StepLine key={step.name} step={step} />
                ))}
              </ul>
              {at !== null && <p class="small soft">{health.checksAt(formatAgo(at))}</p>}
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function StepLine({ step: { name, state, says } }: { step: Step }) {
  const { health } = text();
  const [tone, icon] = looks[state];
  return (
    <li class="stack-tight">
      <div class="row between">
        <strong>{nameOf(name)}</strong>
        <Badge tone={tone} icon={icon} word={health.states[state]} />
      </div>
      <p class="small soft break" lang="en">
        {says}
      </p>
    </li>
  );
}

/** `data folder: rights` or `SFTP login`, each part in the reader's language where it is known. */
function nameOf(name: string): string {
  const { parts } = text().health;
  return name
    .split(/: |(?<=^SFTP) /)
    .map((part) => parts[part] ?? part)
    .join(': ');
}
