import { signal } from '@preact/signals';

export const filters = ['all', 'enabled', 'disabled', 'stale', 'deleted'] as const;
export type Filter = (typeof filters)[number];

/** What is looked for; stays while somebody looks at one person and comes back. */
export const wanted = signal('');
export const filter = signal<Filter>('all');

/** Days; HelloID touches whom it manages at each enforcement, but for those in whom nothing changes. */
export const staleDays = 30;

const queries: Record<Filter, string> = {
  all: '',
  enabled: '&enabled=true',
  disabled: '&enabled=false',
  stale: `&stale=${staleDays}`,
  deleted: '&deleted=true',
};

export function pathOf(search: string, shown: Filter): string {
  return `accounts?limit=50&search=${encodeURIComponent(search.trim())}${queries[shown]}`;
}
