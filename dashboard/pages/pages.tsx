import { useErrorBoundary } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/notice.tsx';
import { text } from '../text/text.ts';
import { addressOf, place, type Place } from '../route.ts';
import { AuditPage } from './audit/audit-page.tsx';
import { DeliveriesPage } from './deliveries/deliveries-page.tsx';
import { DeliveryPage } from './deliveries/delivery-page.tsx';
import { PreviewPage } from './deliveries/preview-page.tsx';
import { HealthPage } from './health/health-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { PeoplePage } from './people/people-page.tsx';
import { PersonPage } from './people/person-page.tsx';

/** The page that the address names; another address is another page, with nothing left of the one before. */
export function Pages() {
  return <Guarded key={addressOf(place.value)} to={place.value} />;
}

/** Should drawing a page fail, the menu and the other pages go on. */
function Guarded({ to }: { to: Place }) {
  const failed: unknown = useErrorBoundary((error: unknown) => console.error(error))[0];
  const { failures } = text();
  if (failed === undefined) return pageOf(to);
  return (
    <Notice tone="bad" title={failures.byCode.fault ?? ''}>
      <div>
        <Button onClick={() => location.reload()}>{failures.reload}</Button>
      </div>
    </Notice>
  );
}

function pageOf(to: Place) {
  if (to.page === 'deliveries') {
    if (to.run === 'preview') return <PreviewPage />;
    return to.run === null ? <DeliveriesPage /> : <DeliveryPage id={to.run} />;
  }
  if (to.page === 'people') return to.reference === null ? <PeoplePage /> : <PersonPage reference={to.reference} />;
  if (to.page === 'audit') return <AuditPage reference={to.reference} />;
  return to.page === 'health' ? <HealthPage /> : <OverviewPage />;
}
