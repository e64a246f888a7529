import type { Backups } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { formatBytes, formatMoment } from '../../format.ts';
import { Card } from '../../parts/card.tsx';
import { Loaded } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { text } from '../../text/text.ts';

const mostShown = 7;

/** The newest backups, and why there is none where one failed. */
export function BackupsCard() {
  const data = useData<Backups>('backups', 30_000);
  const { health } = text();
  return (
    <Card title={health.backups}>
      <Loaded data={data}>
        {({ backups, failure, offMachine }) => (
          <>
            {failure && (
              <Notice tone="bad" title={health.backupFailed}>
                <p class="small break" lang="en">
                  {failure.message}
                </p>
              </Notice>
            )}
            {backups.length === 0 && <p class="soft">{health.backupsNone}</p>}
            <ul class="lines">
              {backups.slice(0, mostShown).map(({ name, at, bytes }) => (
                <li key={name} class="stack-tight">
                  <span class="row between">
                    <time dateTime={at}>{formatMoment(at)}</time>
                    <span class="soft number">{formatBytes(bytes)}</span>
                  </span>
                  <code class="seal">{name}</code>
                </li>
              ))}
            </ul>
            <p class="small soft">{offMachine ? health.offMachine : health.onMachine}</p>
          </>
        )}
      </Loaded>
    </Card>
  );
}
