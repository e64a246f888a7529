import { useRef, useState } from 'preact/hooks';
import { download, type Failure } from '../../api/client.ts';
import type { AuditEntry, AuditPage as Entries } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { useMore } from '../../api/use-more.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loading.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import { text } from '../../text/text.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';
import { emptyFilter, isEmpty, queryOf, type AuditFilter } from './filter.ts';
import { VerifyCard } from './verify-card.tsx';

const settledAfter = 300;

/** The trail: who did what, when and why. */
export function AuditPage({ reference }: { reference: string | null }) {
  const [filter, setFilter] = useState<AuditFilter>({ ...emptyFilter, reference: reference ?? '' });
  const query = useSettled(queryOf(filter), settledAfter);
  const path = `audit?limit=50${query}`;
  const isRead = useRef(false);
  const data = useData<Entries>(path, 10_000, true, isRead);
  const more = useMore<AuditEntry>(path, data, 'entries', isRead);
  const { audit } = text();
  return (
    <Page title={audit.title} lead={<p class="soft">{audit.lead}</p>} actions={<ExportButton query={query} />}>
      <Card title={audit.caption}>
        <AuditFilters filter={filter} change={setFilter} />
        <Loaded data={data}>
          {({ entries }) =>
            entries.length === 0 ? (
              <Empty title={isEmpty(filter) ? audit.nothing : audit.noneFound}>
                {isEmpty(filter) ? audit.nothingText : audit.noneFoundText}
              </Empty>
            ) : (
              <AuditTable entries={[...entries, ...more.items]} />
            )
          }
        </Loaded>
        <MoreButton more={more} />
      </Card>
      <VerifyCard />
    </Page>
  );
}

/** What fits the filter, all of it, as a file. */
function ExportButton({ query }: { query: string }) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { audit } = text();

  async function save(): Promise<void> {
    setBusy(true);
    const saved = await download(`audit?${query.slice(1)}`, 'audit.csv', 'text/csv');
    setBusy(false);
    setFailure(saved.ok ? null : saved.failure);
    if (saved.ok) announce(audit.exported);
  }

  return (
    <>
      <div role="alert">{failure && <FailureNotice failure={failure} />}</div>
      <Button icon="download" busy={isBusy} onClick={() => void save()}>
        {isBusy ? audit.exporting : audit.export}
      </Button>
    </>
  );
}
