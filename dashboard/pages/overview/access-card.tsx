import { useState } from 'preact/hooks';
import type { AccessKind, FindingAccepted, Overview } from '../../api/types.ts';
import { overview } from '../../api/overview.ts';
import { formatCalendarDay, formatDay, formatNumber } from '../../format.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { DecisionDialog } from '../../parts/decision-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { addressOf } from '../../route.ts';
import { mayDecide } from '../../session.ts';
import { text } from '../../text/text.ts';

/** Who has access and should perhaps not, by kind; a kind can be accepted until a day. Nothing where there is none. */
export function AccessCard({ now: { waiting } }: { now: Overview }) {
  const [asked, setAsked] = useState<AccessKind | null>(null);
  const { overview: words, words: named } = text();
  const { run, kinds } = waiting.access;
  if (run === null || kinds.length === 0) return null;
  return (
    <Card title={words.accessTitle}>
      <p class="soft small">{words.accessText}</p>
      <ul class="lines">
        {kinds.map((kind) => (
          <li key={kind.code} class="stack-tight">
            <div class="row between">
              <a href={addressOf({ page: 'deliveries', run: String(run) })}>
                {named.findings[kind.code]}: {formatNumber(kind.count)}
              </a>
              {mayDecide() && (
                <Button small kind="quiet" icon="check" onClick={() => setAsked(kind)}>
                  {words.accessAccept}
                </Button>
              )}
            </div>
            <p class="small soft break">
              {words.accessSince(formatDay(kind.since))}
              {kind.accepted &&
                `, ${words.accessAccepted(formatCalendarDay(kind.accepted.until), kind.accepted.by, kind.accepted.reason)}`}
            </p>
          </li>
        ))}
      </ul>
      {asked && <AcceptDialog kind={asked} onClose={() => setAsked(null)} />}
    </Card>
  );
}

function AcceptDialog({ kind: { code, count }, onClose }: { kind: AccessKind; onClose: () => void }) {
  const [until, setUntil] = useState('');
  const [wasAsked, setAsked] = useState(false);
  const { overview: words, words: named } = text();
  return (
    <DecisionDialog<FindingAccepted>
      path="findings/accept"
      more={{ code, until }}
      title={words.accessAcceptTitle(named.findings[code] ?? code)}
      confirm={words.accessAcceptConfirm}
      isBlocked={until === ''}
      onAsk={() => setAsked(true)}
      done={words.accessAcceptDone}
      onClose={onClose}
      onDone={({ accepted }) => {
        if (overview.value) overview.value = withAccepted(overview.value, code, accepted);
      }}
    >
      <p>{words.accessAcceptText(count)}</p>
      <Field
        label={words.accessUntil}
        hint={words.accessUntilHint}
        type="date"
        value={until}
        onInput={setUntil}
        error={wasAsked && until === '' ? words.accessUntilMissing : null}
      />
    </DecisionDialog>
  );
}

/** Shown at once; the next poll says the same. */
function withAccepted(now: Overview, code: AccessKind['code'], accepted: FindingAccepted['accepted']): Overview {
  const { access } = now.waiting;
  const kinds = access.kinds.map((kind) => (kind.code === code ? { ...kind, accepted } : kind));
  return { ...now, waiting: { ...now.waiting, access: { ...access, kinds } } };
}
