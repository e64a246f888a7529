import { silentSince } from '../api/connection.ts';
import { overview } from '../api/overview.ts';
import { formatMoment, formatTime } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { text } from '../text/text.ts';

/** What holds on every page: nobody answers, deliveries are paused, a run is under way. */
export function Banners({ retry }: { retry: () => void }) {
  const { unreachable, unreachableRetry, tryNow, paused: pausedWord, working } = text();
  const { paused = null, current = null } = overview.value ?? {};
  return (
    <div class="banners">
      <div role="status">
        {silentSince.value && (
          <div class="banner tone-bad">
            <Icon name="offline" />
            <span>
              {unreachable(formatTime(silentSince.value.toISOString()))} {unreachableRetry}
            </span>
            <Button small onClick={retry}>
              {tryNow}
            </Button>
          </div>
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
            <span class="spinner" />
            <a href={`#/deliveries/${current.id}`}>{working[current.phase](current.id)}</a>
          </div>
        )}
      </div>
    </div>
  );
}
