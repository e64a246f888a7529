import { z } from 'zod';

/*
 * The kinds of values in connector.json. Every message begins with "expected", so that the reader of the settings can put
 * the setting's name and what was found before it. No fault here ends the reading: the others must be named too.
 */

/** An object that names a key it does not know: a misspelt setting must not be passed over in silence. */
export function section<Shape extends z.core.$ZodShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) => `expected ${code === 'unrecognized_keys' ? 'only' : 'an object with'} ${keys}`,
  });
}

export function choice<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, { error: `expected ${values.map((value) => `"${value}"`).join(' or ')}` });
}

export function flag() {
  return z.boolean({ error: 'expected true or false' });
}

export function wholeNumber(least: number, most: number) {
  const error = `expected a whole number from ${least} to ${most}`;
  // Not z.int(): its fault would end the reading, and checks across settings would keep silent.
  const number = z.number({ error }).multipleOf(1, { error }).min(least, { error }).max(most, { error });
  return number.meta({ type: 'integer' });
}

export function percentage() {
  const error = 'expected a percentage from 0 to 100';
  return z.number({ error }).min(0, { error }).max(100, { error });
}

/** Text that a check must accept; `expected` completes "expected …". */
export function text(check: (value: string) => boolean, expected: string) {
  const error = `expected ${expected}`;
  return z.string({ error }).refine(check, { error });
}

/** Text of a given form, which the JSON Schema can show as well; `expected` completes "expected …". */
export function pattern(form: RegExp, expected: string) {
  const error = `expected ${expected}`;
  return z.string({ error }).regex(form, { error });
}

/** The path of a CSV table, or null for none. */
export function tablePath(description: string) {
  return text((path) => path.trim() !== '', 'the path of a CSV file or null')
    .nullable()
    .default(null)
    .describe(`${description} A relative path starts at the folder of connector.json.`);
}
