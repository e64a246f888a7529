import { z } from 'zod';
import type { HttpRequest } from '../http.ts';
import { readBody } from './body.ts';
import { list, members, readShape, Text } from './shape.ts';

/** What HelloID asks of a list or an import, page by page. */
export interface ListRequest {
  /** Roles per contract (`dynamic`), or those of the catalogue. */
  kind: 'dynamic' | 'static';
  /** Null: not sent, so every field. */
  importFields: string[] | null;
  /** Null: the first page. */
  cursor: string | null;
  pageSize: number;
}

const mostPerPage = 500;
const mostFields = 200;

const Kind = z.preprocess(
  (value) => (typeof value === 'string' ? value.trim().toLowerCase() || null : value),
  z.enum(['dynamic', 'static'], 'must be dynamic or static').nullish(),
);
const pageSizeError = `must be a whole number, 1 to ${mostPerPage}`;
const PageSize = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value),
  z.int(pageSizeError).min(1, pageSizeError).max(mostPerPage, pageSizeError).nullish(),
);
const ImportField = Text.refine((name) => (name?.length ?? 0) <= mostFields, 'is no name of a field');
const ImportFields = list(ImportField).refine(
  (names) => (names?.length ?? 0) <= mostFields,
  `names more than ${mostFields} fields`,
);

/** The shape of a body that asks for a list or a page of an import. */
export const listShape = members({
  actionContext: members({ ImportFields }),
  kind: Kind,
  cursor: Text,
  pageSize: PageSize,
});

export function listReader(): (request: HttpRequest) => Promise<ListRequest> {
  return async (request) => {
    const { actionContext, kind, cursor, pageSize } = readShape(listShape, await readBody(request));
    const names = actionContext.ImportFields?.flatMap((name) => name ?? []);
    return {
      kind: kind ?? 'dynamic',
      importFields: names ?? null,
      cursor: cursor === '' ? null : (cursor ?? null),
      pageSize: pageSize ?? mostPerPage,
    };
  };
}
