/** What somebody narrows the trail to; days are those of the schedule's time zone. */
export interface AuditFilter {
  reference: string;
  externalId: string;
  action: string;
  from: string;
  to: string;
}

export const emptyFilter: AuditFilter = { reference: '', externalId: '', action: '', from: '', to: '' };

/** The filter as the route takes it, each part behind a `&`. */
export function queryOf(filter: AuditFilter): string {
  const parts = (Object.entries(filter) as [string, string][]).filter(([, value]) => value.trim() !== '');
  return parts.map(([name, value]) => `&${name}=${encodeURIComponent(value.trim())}`).join('');
}

export function isEmpty(filter: AuditFilter): boolean {
  return queryOf(filter) === '';
}
