import { auditCsv } from './audit-csv.ts';
import { entryView } from './account-view.ts';
import { answerJson, type Answer, type Route } from './http.ts';
import { readCursor, readLimit, readMoment, readText, writeCursor } from './query.ts';

/** The trail, newest first: page by page as JSON, or everything that fits as CSV. */
export const audit: Route = {
  name: 'audit',
  method: 'GET',
  path: 'audit',
  scope: 'viewer',
  async handler({ query, header }, { audit: trail, config }): Promise<Answer> {
    const { timeZone } = config.policy.schedule;
    const choice = {
      reference: readText(query, 'reference'),
      externalId: readText(query, 'externalId'),
      action: readText(query, 'action'),
      from: readMoment(query, 'from', timeZone),
      to: readMoment(query, 'to', timeZone),
      after: readCursor(query, isPosition),
    };
    const limit = readLimit(query);
    if (wantsCsv(header('accept'))) {
      const headers = {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="audit.csv"',
      };
      return { status: 200, headers, body: auditCsv(trail, choice, query.get('limit') ? limit : undefined) };
    }
    const { entries, next } = trail.page({ ...choice, limit });
    return answerJson({ entries: entries.map(entryView), next: writeCursor(next) });
  },
};

function wantsCsv(accept: string | null): boolean {
  return /(^|,)\s*text\/csv\s*(;(?!\s*q=0(\.0+)?\s*(,|$))|,|$)/i.test(accept ?? '');
}

function isPosition(value: unknown): value is [string, number] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isSafeInteger(value[1]);
}
