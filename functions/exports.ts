import { answerJson, type Route } from './http.ts';
import { readCursor, readLimit, writeCursor } from './query.ts';

/** The ledger of runs, newest first. */
export const exports: Route = {
  name: 'exports',
  method: 'GET',
  path: 'exports',
  scope: 'viewer',
  async handler({ query }, { runs }) {
    const limit = readLimit(query);
    const found = await runs.list(limit + 1, readCursor(query, isRunId));
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return answerJson({ exports: shown, next: writeCursor(last?.id ?? null) });
  },
};

function isRunId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
