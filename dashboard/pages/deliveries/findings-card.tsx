import { useState } from 'preact/hooks';
import { ask, type Failure } from '../../api/client.ts';
import type { RunDetail, ShownFinding } from '../../api/types.ts';
import { formatDay, formatNumber } from '../../format.ts';
import { announce } from '../../parts/announce.tsx';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { nameOfDecider, rememberDecider } from '../../parts/drafts.ts';
import { Field } from '../../parts/field.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { mayDecide } from '../../session.ts';
import { Said } from '../../text/said.tsx';
import { text } from '../../text/text.ts';
import { PersonLink } from './person-link.tsx';

const atFirst = 8;

/** What is odd, the new first; an operator marks what was looked at. */
export function FindingsCard({ run: { findings }, onSeen }: { run: RunDetail; onSeen: () => void }) {
  const [shown, setShown] = useState(atFirst);
  const [by, setBy] = useState(nameOfDecider());
  const [wasAsked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { deliveries, more } = text();

  async function markSeen({ code, reference, message }: ShownFinding): Promise<void> {
    setAsked(true);
    if (by.trim() === '') return;
    const body = { code, reference, message, by: by.trim() };
    const answered = await ask('findings/seen', { method: 'POST', body });
    setFailure(answered.ok ? null : answered.failure);
    if (!answered.ok) return;
    rememberDecider(by.trim());
    announce(deliveries.marked);
    onSeen();
  }

  const hasUnseen = findings.some(({ seen }) => seen === null);
  return (
    <Card title={deliveries.findings} aside={<span class="soft number">{formatNumber(findings.length)}</span>}>
      <p class="soft small">{findings.length === 0 ? deliveries.findingsNone : deliveries.findingsText}</p>
      {hasUnseen && mayDecide() && (
        <Field
          label={deliveries.markSeenName}
          value={by}
          onInput={(next) => {
            rememberDecider(next);
            setBy(next);
          }}
          autoComplete="name"
          error={wasAsked && by.trim() === '' ? deliveries.markNameMissing : null}
        />
      )}
      <div role="alert">{failure && <FailureNotice failure={failure} />}</div>
      <ul class="lines">
        {findings.slice(0, shown).map((finding) => (
          <Finding
            key={`${finding.code} ${finding.reference ?? ''} ${finding.message}`}
            finding={finding}
            markSeen={() => void markSeen(finding)}
          />
        ))}
      </ul>
      {findings.length > shown && (
        <div>
          <Button small onClick={() => setShown(shown + 100)}>
            {more}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Finding({ finding, markSeen }: { finding: ShownFinding; markSeen: () => void }) {
  const { deliveries, words } = text();
  const { code, reference, message, since, seen } = finding;
  return (
    <li class="stack-tight">
      <div class="row between">
        <span class="row">
          <strong>{words.findings[code] ?? code}</strong>
          {reference !== null && <PersonLink reference={reference} name={reference} />}
          {seen === null && <Badge tone="accent" icon="info" word={deliveries.new} />}
        </span>
        {seen === null && mayDecide() && (
          <Button small kind="quiet" icon="check" onClick={markSeen}>
            {deliveries.markSeen}
          </Button>
        )}
      </div>
      <p class="small break">
        <Said words={message} />
      </p>
      <p class="small soft">
        {deliveries.since(formatDay(since))}
        {seen && <>, {deliveries.seenBy(seen.by)}</>}
      </p>
    </li>
  );
}
