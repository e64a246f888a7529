import { useState } from 'preact/hooks';
import { download, type Failure } from '../../api/client.ts';
import type { RunDetail } from '../../api/types.ts';
import { formatBytes } from '../../format.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { text } from '../../text/text.ts';
import { personRows, rowWords } from './row-words.ts';

/** The files of a run, to be looked at byte for byte. */
export function FilesCard({ run: { id, files, effect } }: { run: RunDetail }) {
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { deliveries } = text();

  async function save(name: string): Promise<void> {
    setBusy(name);
    const saved = await download(`exports/${id}/files/${encodeURIComponent(name)}`, name);
    setBusy(null);
    setFailure(saved.ok ? null : saved.failure);
  }

  return (
    <Card title={deliveries.files}>
      {files.length === 0 && <p class="soft">{deliveries.filesGone}</p>}
      <ul class="lines">
        {files.map(({ name, rows, bytes, sha256 }, index) => (
          <li key={name} class="stack-tight">
            <div class="row between">
              <strong class="break">{name}</strong>
              <Button small icon="download" busy={busy === name} onClick={() => void save(name)}>
                {deliveries.download}
                <span class="unseen"> {name}</span>
              </Button>
            </div>
            <span class="small soft number">
              {index === 0 ? personRows(rows, effect) : rowWords(rows)}, {formatBytes(bytes)}
            </span>
            <code class="seal" title={sha256}>
              {sha256}
            </code>
          </li>
        ))}
      </ul>
      <div role="alert">{failure && <FailureNotice failure={failure} />}</div>
    </Card>
  );
}
