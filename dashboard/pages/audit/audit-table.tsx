import type { AuditEntry } from '../../api/types.ts';
import { formatExactly, formatNumber } from '../../format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { EntryResult, EntryStory } from '../../parts/entry.tsx';
import { addressOf } from '../../route.ts';
import { text } from '../../text/text.ts';

export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const { audit, words } = text();
  return (
    <DataTable
      caption={audit.caption}
      rows={entries}
      keyOf={({ entry }) => entry}
      columns={[
        {
          head: audit.what,
          isTitle: true,
          cell: (entry) => (
            <span class="stack-tight">
              <strong>{words.kinds[entry.action] ?? entry.action}</strong>
              <EntryResult entry={entry} />
            </span>
          ),
        },
        {
          head: audit.when,
          cell: ({ at, entry }) => (
            <span class="stack-tight">
              <time class="nowrap" dateTime={at}>
                {formatExactly(at)}
              </time>
              <span class="small soft number">
                {audit.entry} {formatNumber(entry)}
              </span>
            </span>
          ),
        },
        {
          head: audit.who,
          cell: ({ reference, externalId }) =>
            reference !== null ? (
              <a class="break" href={addressOf({ page: 'people', reference })}>
                {reference}
              </a>
            ) : (
              <span class="break">{externalId}</span>
            ),
        },
        { head: audit.key, cell: ({ key }) => <span class="break">{key}</span> },
        {
          head: audit.details,
          cell: (entry) => (
            <span class="stack-tight">
              <EntryStory entry={entry} />
            </span>
          ),
        },
      ]}
    />
  );
}
