import type { Account } from '../../api/types.ts';
import { formatAgo, formatNumber } from '../../format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { addressOf } from '../../route.ts';
import { text } from '../../text/text.ts';
import { nameOf } from './person.ts';
import { StatusBadge } from './status-badge.tsx';

/** `isNarrowed`: somebody searches or filters, so that an empty list does not mean that there is nobody. */
export function PeopleTable({ people: shown, isNarrowed }: { people: readonly Account[]; isNarrowed: boolean }) {
  const { people } = text();
  if (shown.length === 0)
    return (
      <div role="status">
        <Empty title={isNarrowed ? people.nobody : people.none}>
          {isNarrowed ? people.nobodyText : people.noneText}
        </Empty>
      </div>
    );
  return (
    <DataTable
      caption={people.caption}
      rows={shown}
      keyOf={({ reference }) => reference}
      columns={[
        {
          head: people.name,
          isTitle: true,
          cell: (person) => (
            <a class="break" href={addressOf({ page: 'people', reference: person.reference })}>
              {nameOf(person)}
            </a>
          ),
        },
        { head: people.number, cell: ({ externalId }) => <span class="number break">{externalId}</span> },
        { head: people.username, cell: ({ gebruikersnaam }) => <span class="break">{gebruikersnaam}</span> },
        { head: people.email, cell: ({ email }) => <span class="break">{email}</span> },
        { head: people.roles, isNumber: true, cell: ({ roles }) => formatNumber(roles.length) },
        { head: people.status, cell: (person) => <StatusBadge {...person} /> },
        {
          head: people.touched,
          cell: ({ touchedAt }) => (
            <time class="small nowrap" dateTime={touchedAt}>
              {formatAgo(touchedAt)}
            </time>
          ),
        },
      ]}
    />
  );
}
