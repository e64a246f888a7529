import { z } from 'zod';
import { isBlank } from '../../shared/domain/text.ts';
import { memberOf, members, refuse, Text } from './shape.ts';

const memberNames = ['AccountReference', 'Reference', 'Id', 'value'] as const;

/** A reference as HelloID holds it: text, or an object around that text. A list could be about two accounts, so none is taken. */
export const Reference = z.preprocess(
  (value, context) => {
    if (Array.isArray(value)) return refuse(context, 'is a list; send the one reference as HelloID holds it');
    return typeof value === 'object' ? value : { Reference: value };
  },
  members({ AccountReference: Text, Reference: Text, Id: Text, value: Text }).nullish(),
);

/** The text of a reference; null where there is none. */
export function referenceOf(reference: unknown): string | null {
  const texts = memberNames.map((name) => memberOf(reference, name));
  return texts.find((text): text is string => typeof text === 'string' && !isBlank(text)) ?? null;
}
