import { useState } from 'preact/hooks';
import { ask, atLength, type Answered } from '../../api/client.ts';
import type { AuditVerification } from '../../api/types.ts';
import { formatNumber } from '../../format.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Loading } from '../../parts/loading.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { text } from '../../text/text.ts';

/** Walks the whole trail, which takes a while when it is long. */
export function VerifyCard() {
  const [isBusy, setBusy] = useState(false);
  const [answered, setAnswered] = useState<Answered<AuditVerification> | null>(null);
  const { audit } = text();

  async function verify(): Promise<void> {
    setBusy(true);
    setAnswered(await ask<AuditVerification>('audit/verify', { patience: atLength }));
    setBusy(false);
  }

  return (
    <Card title={audit.verifyTitle}>
      <p class="soft">{audit.verifyText}</p>
      <div role="status" class="stack">
        {isBusy && <Loading word={audit.verifyBusy} />}
        {!isBusy &&
          answered &&
          (answered.ok ? <Verdict verdict={answered.value} /> : <FailureNotice failure={answered.failure} />)}
      </div>
      <div>
        <Button icon="check" busy={isBusy} onClick={() => void verify()}>
          {audit.verify}
        </Button>
      </div>
    </Card>
  );
}

function Verdict({ verdict }: { verdict: AuditVerification }) {
  const { audit } = text();
  if (!verdict.ok) {
    const title = verdict.brokenAt === null ? audit.brokenUnknown : audit.broken(formatNumber(verdict.brokenAt));
    return (
      <Notice tone="bad" title={title}>
        <p class="small break" lang="en">
          {verdict.reason}
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="good" title={audit.verified(verdict.entries, formatNumber(verdict.entries))}>
      <p class="small">{audit.verifiedHead}</p>
      <code class="break small">{verdict.head}</code>
    </Notice>
  );
}
