import { STATUS_CODES } from 'node:http';
import type { Route } from '../http.ts';
import type { Description } from './description.ts';
import { schemaReference } from './component-schemas.ts';
import { answerHeaders } from './answer-headers.ts';

/** What each refusal means; the body is the same `Error` for all. */
const refusals = {
  400: 'The request cannot be parsed.',
  401: 'No key, or none of ours.',
  403: 'The key is of another scope.',
  404: 'There is no such thing.',
  409: 'The present state does not allow it.',
  413: 'The body is larger than 4 MB.',
  415: 'The body is not sent as JSON, or in an unknown charset.',
  422: 'Parsed, but it cannot be meant; the message names what and why.',
  500: 'Not foreseen; the log knows more under the request id.',
  503: 'Nothing can be read or written now; try again.',
} as const;

type Refusal = keyof typeof refusals;

/** The shared answers of the document. */
export function refusalResponses(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      nameOf(status),
      { description, headers: answerHeaders, content: { 'application/json': { schema: schemaReference('Error') } } },
    ]),
  );
}

/** The refusals of one operation, as references to the shared ones. */
export function refusalsOf({ scope }: Route, { body, query = [], refuses = [] }: Description): Record<string, object> {
  const statuses: Refusal[] = [
    ...(scope === 'anonymous' ? [] : ([401, 403] as const)),
    ...(body ? ([400, 413, 415, 422] as const) : []),
    ...(query.length > 0 ? ([422] as const) : []),
    ...refuses,
    500,
    503,
  ];
  return Object.fromEntries(
    [...new Set(statuses)].map((status) => [status, { $ref: `#/components/responses/${nameOf(String(status))}` }]),
  );
}

/** `NotFound` for 404. */
function nameOf(status: string): string {
  return (STATUS_CODES[status] ?? status).replace(/[^A-Za-z]/g, '');
}
