import type { Keys } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { formatAgo, formatMoment } from '../../format.ts';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loading.tsx';
import { text } from '../../text/text.ts';

/** Which keys there are and whether anybody uses them; never their values. */
export function KeysCard() {
  const data = useData<Keys>('keys', 20_000);
  const { health } = text();
  return (
    <Card title={health.keys}>
      <p class="soft small">{health.keysText}</p>
      <Loaded data={data}>
        {({ keys }) => (
          <DataTable
            caption={health.keys}
            rows={keys}
            keyOf={({ name }) => name}
            columns={[
              { head: health.key, isTitle: true, cell: ({ name }) => <strong class="break">{name}</strong> },
              { head: health.scope, cell: ({ scope }) => health.scopes[scope] },
              {
                head: health.created,
                cell: ({ createdAt }) =>
                  createdAt === null ? health.fixed : <time dateTime={createdAt}>{formatMoment(createdAt)}</time>,
              },
              {
                head: health.lastUsed,
                cell: ({ lastUsedAt }) =>
                  lastUsedAt === null ? (
                    <span class="soft">{health.neverUsed}</span>
                  ) : (
                    <time dateTime={lastUsedAt}>{formatAgo(lastUsedAt)}</time>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
