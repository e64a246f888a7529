import type { RunDetail } from '../../api/types.ts';
import { formatMoment, formatSpan } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Card } from '../../parts/card.tsx';
import { text } from '../../text/text.ts';

/** When and why a run was made, where it goes, who decided. */
export function CourseCard({
  run: { trigger, dueAt, createdAt, finishedAt, destination, decisions },
}: {
  run: RunDetail;
}) {
  const { deliveries, words, by: byWord } = text();
  return (
    <Card title={deliveries.course}>
      <dl class="facts">
        <dt>{deliveries.trigger}</dt>
        <dd>{words.triggers[trigger]}</dd>
        {dueAt !== null && (
          <>
            <dt>{deliveries.due}</dt>
            <dd>
              <time dateTime={dueAt}>{formatMoment(dueAt)}</time>
            </dd>
          </>
        )}
        <dt>{deliveries.began}</dt>
        <dd>
          <time dateTime={createdAt}>{formatMoment(createdAt)}</time>
        </dd>
        {finishedAt !== null && (
          <>
            <dt>{deliveries.ended}</dt>
            <dd>
              <time dateTime={finishedAt}>{formatMoment(finishedAt)}</time>
            </dd>
          </>
        )}
        {destination !== null && (
          <>
            <dt>{deliveries.destination}</dt>
            <dd>{destination}</dd>
          </>
        )}
      </dl>
      {decisions.length > 0 && (
        <section class="stack">
          <h3>{deliveries.decisions}</h3>
          <ul class="lines">
            {decisions.map(({ decision, at, by, reason }) => (
              <li key={at} class="stack-tight">
                <span>
                  <strong>{words.kinds[decision] ?? decision}</strong> {byWord(by)}
                </span>
                <span class="break">“{reason}”</span>
                <time class="small soft" dateTime={at}>
                  {formatMoment(at)}
                </time>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Card>
  );
}

/** How often it was tried to deliver, and what came of it. */
export function AttemptsCard({ attempts }: { attempts: RunDetail['attempts'] }) {
  const { deliveries } = text();
  return (
    <Card title={deliveries.attempts}>
      {attempts.length === 0 && <p class="soft">{deliveries.attemptNone}</p>}
      <ol class="lines">
        {attempts.map((attempt) => (
          <li key={attempt.number} class="stack-tight">
            <div class="row between">
              <strong>
                {deliveries.attempt} {attempt.number}
              </strong>
              <AttemptBadge attempt={attempt} />
            </div>
            <span class="small soft">
              <time dateTime={attempt.startedAt}>{formatMoment(attempt.startedAt)}</time>
              {attempt.finishedAt !== null && <>, {formatSpan(attempt.startedAt, attempt.finishedAt)}</>}
            </span>
            {attempt.error !== null && (
              <p class="small break" lang="en">
                {attempt.error}
              </p>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function AttemptBadge({ attempt: { finishedAt, error } }: { attempt: RunDetail['attempts'][number] }) {
  const { deliveries, words } = text();
  if (finishedAt === null) return <Badge tone="accent" icon="send" word={deliveries.attemptBusy} />;
  return error === null ? (
    <Badge tone="good" icon="done" word={deliveries.attemptDone} />
  ) : (
    <Badge tone="bad" icon="bad" word={words.states.failed} />
  );
}
