import { overview } from '../../api/overview.ts';
import { Badge } from '../../parts/badge.tsx';
import { OverviewLoading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import { text } from '../../text/text.ts';
import { AccessCard } from './access-card.tsx';
import { Charts } from './charts.tsx';
import { ComingCard } from './coming-card.tsx';
import { ConnectCard } from './connect-card.tsx';
import { HealthCard } from './health-card.tsx';
import { sentenceOf } from './sentence.ts';
import { TakeOverCard } from './take-over-card.tsx';
import { WaitingCard } from './waiting-card.tsx';

/** How things are, in ten seconds. */
export function OverviewPage() {
  const now = overview.value;
  const { pages, overview: words } = text();
  if (!now) {
    return (
      <Page title={pages.overview}>
        <OverviewLoading />
      </Page>
    );
  }
  const isWell = now.health.status === 'ok';
  const { was, next } = sentenceOf(now);
  return (
    <Page
      title={was}
      more={next}
      tab={pages.overview}
      over={
        <Badge
          tone={isWell ? 'good' : 'bad'}
          icon={isWell ? 'done' : 'bad'}
          word={isWell ? words.allWell : words.attention}
        />
      }
    >
      {!now.helloId.everCreated && <ConnectCard hasCalled={now.helloId.lastCall !== null} />}
      <div class="grid grid-2">
        <HealthCard now={now} />
        <WaitingCard now={now} />
      </div>
      {now.helloId.everCreated && <AccessCard now={now} />}
      {now.helloId.everCreated && <TakeOverCard />}
      {now.helloId.everCreated && (
        <>
          <ComingCard />
          <Charts newest={now.lastDelivered?.id ?? null} />
        </>
      )}
    </Page>
  );
}
