import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Members } from './body.ts';

const truncated =
  'was cut off by ConvertTo-Json and arrived as text instead of an object; raise its -Depth, for example: ConvertTo-Json -InputObject $body -Depth 10';

/** Text as the wire has it: numbers and typed dates become text, null stays null. */
export const Text = z.preprocess((value, context) => toText(value, context), z.string().nullish());

/** True or false, also as PowerShell writes it into text. */
export const Flag = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  return /^true$/i.test(value) ? true : /^(false)?$/i.test(value) ? false : value;
}, z.boolean('must be true or false').nullish());

/** An object whose members are found in any casing; unknown ones are ignored, a truncated object is refused. */
export function members<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  return z.preprocess((value, context) => fold(value, names, context), z.object(shape));
}

/** A list; PowerShell sends one of a single element as that bare element, and Windows PowerShell some as an object around the list. */
export function list<Element extends z.ZodType>(element: Element) {
  return z.preprocess((value) => {
    const unwrapped = unwrappedList(value);
    return Array.isArray(unwrapped) || unwrapped === null || unwrapped === undefined ? unwrapped : [unwrapped];
  }, z.array(element).nullish());
}

/** `{ "value": [ … ], "Count": 2 }`, as Windows PowerShell 5.1 writes a list that had members added to it. */
function unwrappedList(value: unknown): unknown {
  const inside = memberOf(value, 'value');
  const isWrapped = Array.isArray(inside) && memberOf(value, 'Count') === inside.length;
  return isWrapped ? inside : value;
}

/** Anything but what ConvertTo-Json leaves of an object below its depth. */
export function notTruncated<Value extends z.ZodType>(value: Value) {
  return z.preprocess(
    (input, context) => (typeof input === 'string' && isTruncated(input) ? refuse(context, truncated) : input),
    value,
  );
}

/** Checks a body against its shape; every fault is named by its path and no value is shown. */
export function readShape<Shape extends z.ZodType>(shape: Shape, body: Members): z.output<Shape> {
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'} ${message}`);
  throw new AppError('impossible', `The body cannot be meant: ${[...new Set(faults)].slice(0, 10).join('; ')}`);
}

/** The value of a member in any casing. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return (value as Members)[name];
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : (value as Members)[key];
}

type Context = z.core.$RefinementCtx;

function fold(value: unknown, names: ReadonlyMap<string, string>, context: Context): unknown {
  if (typeof value === 'string') return refuse(context, truncated);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(context, 'must be an object');
  const found: Record<string, unknown> = {};
  const foundAs: Record<string, string> = {};
  for (const [key, content] of Object.entries(value)) {
    const name = names.get(key.toLowerCase());
    if (name === undefined) continue;
    if (Object.hasOwn(found, name)) return refuse(context, `has the member ${name} twice, in two casings`);
    found[name] = content;
    foundAs[name] = key;
  }
  return found;
}

function toText(value: unknown, context: Context): unknown {
  if (typeof value === 'string') return fromString(value, context);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    // past this a JSON number has lost digits already, and a wrong number is another person
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      return refuse(context, 'is a number too large to be exact; send it as text');
    return String(value);
  }
  if (typeof value === 'object' && value !== null) {
    // a date of Get-Date, as Windows PowerShell 5.1 writes it
    const date = memberOf(value, 'DateTime') === undefined ? undefined : memberOf(value, 'value');
    return typeof date === 'string' ? fromString(date, context) : refuse(context, 'must be text');
  }
  return value;
}

function fromString(text: string, context: Context): unknown {
  if (isTruncated(text)) return refuse(context, truncated);
  const [, milliseconds] = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text) ?? [];
  const date = new Date(Number(milliseconds));
  const isDate = milliseconds !== undefined && !Number.isNaN(date.getTime());
  return (isDate ? date.toISOString().replace('.000Z', 'Z') : text).normalize('NFC');
}

/** What ConvertTo-Json makes of an object or list below its depth. */
function isTruncated(text: string): boolean {
  return /^@\{.*\}$/s.test(text) || text === 'System.Object[]' || text === 'System.Collections.Hashtable';
}

/** Names a fault of a value that is being read. */
export function refuse(context: Context, message: string): never {
  context.addIssue({ code: 'custom', message, fatal: true } as never);
  return z.NEVER;
}
