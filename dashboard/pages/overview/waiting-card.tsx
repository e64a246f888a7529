import type { ComponentChildren } from 'preact';
import type { Overview } from '../../api/types.ts';
import { Card } from '../../parts/card.tsx';
import { Icon } from '../../parts/icon.tsx';
import { RunBadge } from '../../parts/run-badge.tsx';
import { addressOf } from '../../route.ts';
import { Said } from '../../text/said.tsx';
import { text } from '../../text/text.ts';

/** What only a person can decide: runs, usernames, findings. */
export function WaitingCard({ now: { waiting, settings } }: { now: Overview }) {
  const { overview, deliveries } = text();
  const { runs, usernames, findings } = waiting;
  const byNumber = settings.personKey === 'externalId';
  const isEmpty = runs.length === 0 && usernames.total === 0 && findings.unseen === 0;
  return (
    <Card title={overview.waitingTitle}>
      {isEmpty && (
        <p class="row soft">
          <Icon name="check" />
          {overview.waitingNothing}
        </p>
      )}
      {!isEmpty && (
        <ul class="lines">
          {runs.map(({ id, state, reasons }) => (
            <Line key={id} to={addressOf({ page: 'deliveries', run: String(id) })}>
              <span class="row">
                <strong>{deliveries.runTitle(id)}</strong>
                <RunBadge state={state} />
              </span>
              {reasons.map((reason) => (
                <span key={reason} class="small soft break">
                  <Said words={reason} />
                </span>
              ))}
            </Line>
          ))}
          {usernames.total > 0 && (
            <li class="stack-tight">
              <strong>{(byNumber ? overview.waitingNumbers : overview.waitingUsernames)(usernames.total)}</strong>
              <span class="small soft">{byNumber ? overview.waitingNumbersText : overview.waitingUsernamesText}</span>
              <ul class="chips">
                {usernames.first.slice(0, 6).map(({ reference, before, after }) => (
                  <li key={reference}>
                    <a href={addressOf({ page: 'people', reference })}>
                      {before} → {after}
                    </a>
                  </li>
                ))}
                {usernames.total > 6 && <li class="soft small">{overview.waitingMore(usernames.total - 6)}</li>}
              </ul>
            </li>
          )}
          {findings.unseen > 0 && findings.run !== null && (
            <Line to={addressOf({ page: 'deliveries', run: String(findings.run) })}>
              <strong>{overview.waitingFindings(findings.unseen)}</strong>
              <span class="small soft">{overview.waitingFindingsText}</span>
            </Line>
          )}
        </ul>
      )}
    </Card>
  );
}

function Line({ to, children }: { to: string; children: ComponentChildren }) {
  return (
    <li>
      <a class="line-link" href={to}>
        <span class="stack-tight">{children}</span>
        <Icon name="forward" />
      </a>
    </li>
  );
}
