import type { HealthReason, Overview } from '../../api/types.ts';
import { formatAgo, formatMoment, formatNumber } from '../../format.ts';
import { Card } from '../../parts/card.tsx';
import { Notice } from '../../parts/notice.tsx';
import { language } from '../../preferences.ts';
import { Said } from '../../text/said.tsx';
import { text } from '../../text/text.ts';

/** Whether all is well; where not, why and what to do. */
export function HealthCard({ now }: { now: Overview }) {
  const { overview } = text();
  const { health, helloId, backup, settings, accounts } = now;
  return (
    <Card title={overview.healthTitle}>
      {health.reasons.map((reason) => (
        <Trouble key={`${reason.code} ${reason.run ?? ''} ${reason.reason}`} reason={reason} now={now} />
      ))}
      {health.reasons.length === 0 && (
        <Notice tone="good" title={helloId.everCreated ? overview.wellTitle : overview.readyTitle}>
          <p class="small">{helloId.everCreated ? overview.wellText : overview.readyText}</p>
        </Notice>
      )}
      <dl class="facts">
        <dt>{overview.lastCall}</dt>
        <dd>
          {helloId.lastCall ? (
            <time dateTime={helloId.lastCall}>{formatAgo(helloId.lastCall)}</time>
          ) : (
            overview.neverCalled
          )}
        </dd>
        <dt>{overview.accounts}</dt>
        <dd>{overview.accountCounts(formatNumber(accounts.enabled), formatNumber(accounts.disabled))}</dd>
        <dt>{overview.lastBackup}</dt>
        <dd>{backup ? <time dateTime={backup.at}>{formatMoment(backup.at)}</time> : overview.noBackup}</dd>
        <dt>{overview.destination}</dt>
        <dd>{settings.destination}</dd>
      </dl>
    </Card>
  );
}

/** In English as the server says it; in Dutch by its code, and the run's own reasons. */
function Trouble({ reason: { code, reason, next, run, at }, now }: { reason: HealthReason; now: Overview }) {
  const { words, deliveries } = text();
  const own = now.waiting.runs.find(({ id }) => id === run)?.reasons;
  const says = own ?? [words.healthSays[code] ?? reason];
  const nextStep = (language() === 'en' ? next : words.healthNext[code]) ?? next;
  return (
    <Notice tone={code === 'run' ? 'warn' : 'bad'} title={words.health[code] ?? reason}>
      {says.map((sentence) => (
        <p key={sentence} class="small break">
          <Said words={sentence} />
          {at !== null && <> ({formatMoment(at)})</>}
        </p>
      ))}
      {nextStep && <p class="small">→ {nextStep}</p>}
      {run !== null && (
        <a class="small" href={`#/deliveries/${run}`}>
          {deliveries.runTitle(run)}
        </a>
      )}
    </Notice>
  );
}
