import { AppError } from '../shared/errors.ts';
import type { TrailHead } from '../shared/store/audit.ts';
import { answerJson, type Route } from './http.ts';
import { readCount } from './query.ts';

/** Walks the whole trail; with `entry` and `head` it also compares with what somebody wrote down earlier. */
export const auditVerify: Route = {
  name: 'audit-verify',
  method: 'GET',
  path: 'audit/verify',
  scope: 'viewer',
  handler: async ({ query }, { verifyAudit }) => answerJson(await verifyAudit(readHead(query))),
};

function readHead(query: URLSearchParams): TrailHead | null {
  const entry = readCount(query, 'entry', 0);
  const hash = query.get('head');
  if (entry === null && !hash) return null;
  if (entry !== null && hash && /^[0-9a-f]{64}$/i.test(hash)) return { entry, hash: hash.toLowerCase() };
  throw new AppError(
    'impossible',
    'entry and head go together: the number of an entry and its hash, 64 hexadecimal digits',
  );
}
