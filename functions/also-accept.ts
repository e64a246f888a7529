import { isBlank } from '../shared/domain/text.ts';
import { AppError } from '../shared/errors.ts';
import { acceptAlso } from '../shared/kept-access.ts';
import { answerJson, type Route } from './http.ts';
import { readBody } from './wire/body.ts';
import { deciderMembers, deciderOf } from './wire/decider.ts';
import { members, readShape, Text } from './wire/shape.ts';

export const acceptAlsoShape = members({ username: Text, ...deciderMembers });

/** A line of `also.persons` may give access to somebody whose account was deleted. */
export const alsoAccept: Route = {
  name: 'also-accept',
  method: 'POST',
  path: 'also/accept',
  scope: 'operator',
  async handler(call, app) {
    const body = await readBody(call);
    const { username } = readShape(acceptAlsoShape, body);
    if (isBlank(username))
      throw new AppError('impossible', 'Say whose line: { "username": "…", "by": "…", "reason": "…" }');
    await acceptAlso(app, username ?? '', deciderOf(body), call);
    return answerJson({ username });
  },
};
