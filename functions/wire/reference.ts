import { z } from 'zod';
import { isBlank } from '../../shared/domain/text.ts';
import { memberOf, members, onlyElement, Text } from './shape.ts';

const memberNames = ['AccountReference', 'Reference', 'Id', 'value'] as const;

/** A reference as HelloID holds it: text, or an object around that text; PowerShell may have made a list of one of it. */
export const Reference = z.preprocess(
  (value) => {
    const one = onlyElement(value);
    return typeof one === 'object' ? one : { Reference: one };
  },
  members({ AccountReference: Text, Reference: Text, Id: Text, value: Text }).nullish(),
);

/** The text of a reference; null where there is none. */
export function referenceOf(reference: unknown): string | null {
  const texts = memberNames.map((name) => memberOf(reference, name));
  return texts.find((text): text is string => typeof text === 'string' && !isBlank(text)) ?? null;
}
