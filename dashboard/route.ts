import { signal } from '@preact/signals';

/** A page and what it is about, as the fragment of the address says: `#/people/SC-1001`. No server sees it. */
export type Place =
  | { page: 'overview' }
  | { page: 'deliveries'; run: string | null }
  | { page: 'people'; reference: string | null }
  | { page: 'audit'; reference: string | null }
  | { page: 'health' };

export type Page = Place['page'];
export const pages = ['overview', 'deliveries', 'people', 'audit', 'health'] as const satisfies readonly Page[];

export const place = signal<Place>(placeOf(location.hash));

let hasArrived = false;

/** Follows the address from now on. */
export function followAddress(): void {
  addEventListener('hashchange', () => {
    markArrival();
    place.value = placeOf(location.hash);
  });
}

/** Somebody went to another page: its heading takes the focus, so that a screen reader reads on from there. */
export function markArrival(): void {
  hasArrived = true;
}

/** Whether somebody went to the page that is drawn now; not so when the tab has just been opened. */
export function takeArrival(): boolean {
  const arrived = hasArrived;
  hasArrived = false;
  return arrived;
}

export function addressOf(to: Place): string {
  if (to.page === 'overview') return '#/';
  if (to.page === 'deliveries' && to.run !== null) return `#/deliveries/${encodeURIComponent(to.run)}`;
  if (to.page === 'people' && to.reference !== null) return `#/people/${encodeURIComponent(to.reference)}`;
  if (to.page === 'audit' && to.reference !== null) return `#/audit?reference=${encodeURIComponent(to.reference)}`;
  return `#/${to.page}`;
}

function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, of] = path.split('/').map(decoded);
  const asked = new URLSearchParams(query);
  if (page === 'deliveries') return { page, run: of ?? null };
  if (page === 'people') return { page, reference: of ?? null };
  if (page === 'audit') return { page, reference: asked.get('reference') };
  if (page === 'health') return { page };
  return { page: 'overview' };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text) || undefined;
  } catch {
    return undefined;
  }
}
