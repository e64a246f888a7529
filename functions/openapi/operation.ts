import { STATUS_CODES } from 'node:http';
import type { Route } from '../http.ts';
import { answerHeaders } from './answer-headers.ts';
import { schemaReference } from './component-schemas.ts';
import type { Content, Description } from './description.ts';
import type { Example } from './examples.ts';
import { parametersOf } from './parameters.ts';
import { refusalsOf } from './refusals.ts';

/** A route as an operation of the document. */
export function operationOf(route: Route, description: Description, examples: readonly Example[]): object {
  const { name, path, scope } = route;
  const { tag, summary, details, query = [], body, bodyIsOptional = false } = description;
  const parameters = parametersOf(path, query);
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: [details, neededKey(scope)].filter((text) => text !== undefined).join('\n\n'),
    security: scope === 'anonymous' ? [] : [{ header: [scope] }, { query: [scope] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(body, !bodyIsOptional, examples) }),
    responses: { ...refusalsOf(route, description), ...answersOf(description, examples) },
  };
}

function neededKey(scope: Route['scope']): string {
  if (scope === 'anonymous') return 'Needs no key.';
  return scope === 'operator'
    ? 'Needs a key of scope `operator`.'
    : `Needs a key of scope \`${scope}\` or \`operator\`.`;
}

function requestBody(body: string, required: boolean, examples: readonly Example[]): object {
  const shown = examplesOf(examples, ({ request }) => request);
  return { required, content: { 'application/json': { schema: schemaReference(body), ...shown } } };
}

function answersOf({ answers }: Description, examples: readonly Example[]): Record<string, object> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, content]) => {
      const shown = examplesOf(examples, (example) =>
        String(example.status ?? 200) === status ? example.answer : undefined,
      );
      return [status, answer(Number(status), [content].flat(), shown)];
    }),
  );
}

function answer(status: number, contents: readonly Content[], shown: object): object {
  const schemas = contents.filter((content) => !content.includes('/')).map(schemaReference);
  // where the connector cannot work at all, that answer is another one
  if (status >= 500) schemas.push(schemaReference('Error'));
  const json = { schema: schemas.length > 1 ? { anyOf: schemas } : schemas[0], ...shown };
  const texts = contents
    .filter((content) => content.includes('/'))
    .map((type) => [type, { schema: { type: 'string' } }] as const);
  return {
    description: STATUS_CODES[status],
    headers: answerHeaders,
    content: { ...(schemas.length > 0 && { 'application/json': json }), ...Object.fromEntries(texts) },
  };
}

function examplesOf(examples: readonly Example[], valueOf: (example: Example) => unknown): object {
  const shown = examples.filter((example) => valueOf(example) !== undefined);
  if (shown.length === 0) return {};
  return {
    examples: Object.fromEntries(
      shown.map((example) => [example.name, { summary: example.summary, value: valueOf(example) }]),
    ),
  };
}
