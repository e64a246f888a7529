import { useRef } from 'preact/hooks';
import type { Account, AccountPage } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { useMore } from '../../api/use-more.ts';
import { formatNumber } from '../../format.ts';
import { Card } from '../../parts/card.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import { text } from '../../text/text.ts';
import { PeopleTable } from './people-table.tsx';
import { filter, filters, pathOf, staleDays, wanted } from './search.ts';

const settledAfter = 150;

/** Everyone, found while somebody types. */
export function PeoplePage() {
  const path = pathOf(useSettled(wanted.value, settledAfter), filter.value);
  const isRead = useRef(false);
  const data = useData<AccountPage>(path, 20_000, true, isRead);
  const more = useMore<Account>(path, data, 'accounts', isRead);
  const { people } = text();
  return (
    <Page title={people.title} lead={<p class="soft">{people.lead}</p>}>
      <Card
        title={people.caption}
        aside={<Found count={data.value && data.value.accounts.length + more.items.length} hasMore={more.hasMore} />}
      >
        <div class="search">
          <Icon name="search" />
          <input
            type="search"
            aria-label={people.search}
            placeholder={people.search}
            autoComplete="off"
            spellcheck={false}
            value={wanted.value}
            onInput={({ currentTarget }) => (wanted.value = currentTarget.value)}
          />
        </div>
        <Filters />
        {filter.value === 'stale' && (
          <Notice tone="calm" title={people.filters.stale}>
            <p class="small">{people.staleText(staleDays)}</p>
          </Notice>
        )}
        <Loaded data={data}>
          {({ accounts }) => (
            <PeopleTable
              people={[...accounts, ...more.items]}
              isNarrowed={wanted.value.trim() !== '' || filter.value !== 'all'}
            />
          )}
        </Loaded>
        <MoreButton more={more} />
      </Card>
    </Page>
  );
}

function Filters() {
  const { people } = text();
  return (
    <div class="switch wrap" role="group" aria-label={people.show}>
      {filters.map((one) => (
        <button key={one} type="button" aria-pressed={filter.value === one} onClick={() => (filter.value = one)}>
          {people.filters[one]}
        </button>
      ))}
    </div>
  );
}

function Found({ count, hasMore }: { count: number | null; hasMore: boolean }) {
  const { people } = text();
  return (
    <span class="soft small number" role="status">
      {count === 1 ? people.foundOne : count !== null && count > 0 && people.found(formatNumber(count), hasMore)}
    </span>
  );
}
