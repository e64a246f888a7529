import type { ComponentChildren } from 'preact';
import { silentSince } from '../api/connection.ts';
import { overview, refused } from '../api/overview.ts';
import { formatMoment, formatTime } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Said } from '../text/said.tsx';
import { text } from '../text/text.ts';

/** What holds on every page: nobody answers, or not as it should, deliveries are paused, a run is under way. */
export function Banners({ retry }: { retry: () => void }) {
  const { unreachable, refusedSince, unreachableRetry, paused: pausedWord, working } = text();
  const { paused = null, current = null } = overview.value ?? {};
  return (
    <div class="banners">
      <div role="status">
        {silentSince.value && (
          <Trouble icon="offline" retry={retry}>
            {unreachable(formatTime(silentSince.value.toISOString()))} {unreachableRetry}
          </Trouble>
        )}
        {refused.value && (
          <Trouble icon="bad" retry={retry}>
            {refusedSince(formatTime(refused.value.since.toISOString()))} <Said words={refused.value.refusal.message} />
          </Trouble>
        )}
      </div>
      {paused && (
        <div class="banner tone-warn">
          <Icon name="paused" />
          <span class="break">{pausedWord(paused.by, formatMoment(paused.at), paused.reason)}</span>
        </div>
      )}
      <div role="status">
        {current && (
          <div class="banner tone-accent">
            {current.phase === 'paused' ? <Icon name="paused" /> : <span class="spinner" />}
            <a href={`#/deliveries/${current.id}`}>{working[current.phase](current.id)}</a>
          </div>
        )}
      </div>
    </div>
  );
}

function Trouble({ icon, retry, children }: { icon: IconName; retry: () => void; children: ComponentChildren }) {
  return (
    <div class="banner tone-bad">
      <Icon name={icon} />
      <span class="break">{children}</span>
      <Button small onClick={retry}>
        {text().tryNow}
      </Button>
    </div>
  );
}
