import { AppError } from '../shared/errors.ts';
import { answerJson, type Route } from './http.ts';
import { readBody } from './wire/body.ts';
import { members, readShape, Text } from './wire/shape.ts';

export const seenShape = members({ code: Text, reference: Text, message: Text, by: Text });

/** An operator has looked at a finding; it stays in the list, below the new ones. */
export const findingSeen: Route = {
  name: 'finding-seen',
  method: 'POST',
  path: 'findings/seen',
  scope: 'operator',
  async handler(call, { findings }) {
    const { code, reference, message, by } = readShape(seenShape, await readBody(call));
    if (!code || !message || !by)
      throw new AppError('impossible', 'Say which finding and who looked: { "code", "reference", "message", "by" }');
    await findings.markSeen({ code, reference: reference ?? null, message }, { by });
    return answerJson({ code, reference: reference ?? null, message, seenBy: by });
  },
};
