import { z } from 'zod';
import { visibleForm } from '../../shared/domain/key-form.ts';
import { longestText, textProblem } from '../../shared/domain/text.ts';
import type { Members } from './body.ts';
import { memberOf } from './shape.ts';

/** How the document shows it; what it holds is read leniently, by `personNumberOf`. */
export const PersonNumber = z
  .unknown()
  .describe('By which HelloID knows the person; compared only with what the same account was called for before.')
  .optional();

/**
 * `Person.ExternalId`, by which HelloID itself knows a person; null where there is none, as in reconciliation.
 * One that cannot be read counts as none: no leaver may stay for the sake of a comparison.
 */
export function personNumberOf(body: Members): string | null {
  const value = memberOf(memberOf(memberOf(body, 'personContext'), 'Person'), 'ExternalId');
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text.length > longestText || textProblem(text, () => true)) return null;
  return visibleForm(text) || null;
}
