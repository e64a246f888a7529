import { accessCodes } from '../shared/domain/kept-access.ts';
import { acceptAccess } from '../shared/kept-access.ts';
import { answerJson, type Route } from './http.ts';
import { readBody } from './wire/body.ts';
import { deciderMembers, deciderOf } from './wire/decider.ts';
import { members, readShape, Text } from './wire/shape.ts';

export const acceptFindingShape = members({
  code: Text.describe(`One of ${accessCodes.join(', ')}.`),
  until: Text.describe('The last day, such as 2026-12-31; at most a year ahead.'),
  ...deciderMembers,
});

/** A person takes responsibility for a kind of finding that means access, up to and with a day; until then it is no message. */
export const findingAccept: Route = {
  name: 'finding-accept',
  method: 'POST',
  path: 'findings/accept',
  scope: 'operator',
  async handler(call, app) {
    const body = await readBody(call);
    const { code, until } = readShape(acceptFindingShape, body);
    const accepted = await acceptAccess(app, { code: code ?? '', until: until ?? '' }, deciderOf(body), call);
    return answerJson(accepted);
  },
};
