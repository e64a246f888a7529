import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { text } from '../../text/text.ts';

const makeKey = 'npx spendcloud keys add helloid --scope agent';

/** Before the first action: how HelloID finds its way here. */
export function ConnectCard({ hasCalled }: { hasCalled: boolean }) {
  const { overview } = text();
  return (
    <Card title={overview.connectTitle}>
      <p>{hasCalled ? overview.connectCalled : overview.connectLead}</p>
      <ol class="steps">
        <li>
          <h3>{overview.connectAddress}</h3>
          <p class="small soft">{overview.connectAddressText}</p>
          <Copyable value={`${location.origin}/api`} />
        </li>
        <li>
          <h3>{overview.connectKey}</h3>
          <p class="small soft">{overview.connectKeyText}</p>
          <Copyable value={makeKey} />
        </li>
        <li>
          <h3>{overview.connectGo}</h3>
          <p class="small soft">{overview.connectGoText}</p>
        </li>
      </ol>
    </Card>
  );
}

function Copyable({ value }: { value: string }) {
  const { overview } = text();
  // a page that came over plain http from another machine may not write to the clipboard; the text can still be selected
  const clipboard = isSecureContext ? navigator.clipboard : null;

  async function copy(to: Clipboard): Promise<void> {
    try {
      await to.writeText(value);
      announce(overview.copied);
    } catch {
      announce(overview.notCopied, 'warn'); // the browser asks its user, who may say no
    }
  }

  return (
    <div class="copy">
      <code>{value}</code>
      {clipboard && (
        <Button small onClick={() => void copy(clipboard)}>
          {overview.copy}
        </Button>
      )}
    </div>
  );
}
