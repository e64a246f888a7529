import type { Decider } from '../../shared/domain/run.ts';
import { isBlank, textProblem } from '../../shared/domain/text.ts';
import { AppError } from '../../shared/errors.ts';
import type { HttpRequest } from '../http.ts';
import { readOptionalBody, type Members } from './body.ts';
import { members, readShape, Text } from './shape.ts';

/** The members of a body that say who decides and why; both must be there and not blank. */
export const deciderMembers = { by: Text, reason: Text };

export const deciderShape = members(deciderMembers);

/** Who decides and why: whoever decides is named, in the trail and on the run. */
export async function readDecider(request: HttpRequest): Promise<Decider> {
  return deciderOf(await readOptionalBody(request));
}

/** The same from a body that says more. */
export function deciderOf(body: Members): Decider {
  const { by, reason } = readShape(deciderShape, body);
  if (isBlank(by) || isBlank(reason))
    throw new AppError('impossible', 'Say who decides and why: { "by": "name", "reason": "text" }');
  const problem = textProblem(by ?? '', () => true) ?? textProblem(reason ?? '', () => true);
  if (problem) throw new AppError('impossible', `The name or the reason ${problem}`);
  return { by: by ?? '', reason: reason ?? '' };
}
