import { isBlank } from '../shared/domain/text.ts';
import { AppError } from '../shared/errors.ts';
import { answerJson, type Route } from './http.ts';
import { readBody } from './wire/body.ts';
import { deciderMembers, deciderOf } from './wire/decider.ts';
import { members, readShape, Text } from './wire/shape.ts';

export const allowShape = members({ externalId: Text, ...deciderMembers });

/** A username that was delivered for somebody else may be this number's, for instance after a rehire under a new number. */
export const usernameAllow: Route = {
  name: 'username-allow',
  method: 'POST',
  path: 'usernames/{username}/allow',
  scope: 'operator',
  async handler(call, { usernames }) {
    const body = await readBody(call);
    const { externalId } = readShape(allowShape, body);
    if (isBlank(externalId))
      throw new AppError('impossible', 'Say for which number: { "externalId": "…", "by": "…", "reason": "…" }');
    const username = call.params.username ?? '';
    await usernames.allow(username, externalId ?? '', deciderOf(body), call);
    return answerJson({ username, externalId });
  },
};
