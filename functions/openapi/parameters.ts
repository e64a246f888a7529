/** Every parameter in a path or a query, by its name. */
const parameters = {
  // in paths
  reference: { description: 'The `AccountReference`.', schema: { type: 'string' }, example: 'SC-100234' },
  username: { description: 'The username, without regard to case.', schema: { type: 'string' }, example: 'rvdbrink' },
  id: { description: 'The number of the run.', schema: { type: 'integer', minimum: 1 }, example: 12 },
  name: { description: 'The name of the file.', schema: { type: 'string' }, example: 'Users.csv' },
  file: {
    description: 'The name of a file of the dashboard.',
    schema: { type: 'string' },
    example: 'index-B1x2y3z4.js',
  },
  // in queries
  limit: {
    description: 'The most to answer at once.',
    schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
  },
  cursor: { description: '`next` of the page before, unchanged.', schema: { type: 'string' } },
  search: {
    description: 'Words in any order; each is part of a name, number, username, e-mail address or reference.',
    schema: { type: 'string' },
  },
  enabled: { description: 'Only enabled accounts, or only disabled ones.', schema: { type: 'boolean' } },
  externalId: { description: 'The personnel number.', schema: { type: 'string' }, example: '100234' },
  action: { description: 'The kind of entry.', schema: { type: 'string' }, example: 'create' },
  from: { description: 'From this day or time on.', schema: { type: 'string' }, example: '2026-11-01' },
  to: { description: 'Up to this day or time; a day counts whole.', schema: { type: 'string' }, example: '2026-11-30' },
  entry: { description: 'The number of an entry.', schema: { type: 'integer', minimum: 0 } },
  head: { description: 'Its hash, as it was written down.', schema: { type: 'string', pattern: '^[0-9a-fA-F]{64}$' } },
  days: {
    description: 'How many days, today included.',
    schema: { type: 'integer', minimum: 1, maximum: 1100, default: 365 },
  },
  who: {
    description: 'Whether to name the people behind the numbers, and the findings.',
    schema: { type: 'boolean', default: true },
  },
  deleted: { description: 'Only deleted accounts, instead of the living ones.', schema: { type: 'boolean' } },
  stale: {
    description: 'Only accounts that HelloID has not touched for so many days.',
    schema: { type: 'integer', minimum: 0, maximum: 36_500 },
  },
} as const;

export type ParameterName = keyof typeof parameters;

/** The parameters of an operation: those of its path, which must be given, and those that its query may hold. */
export function parametersOf(path: string, query: readonly ParameterName[]): object[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    if (!(name in parameters)) throw new Error(`the path parameter ${name} is not described`);
    return { name, in: 'path', required: true, ...parameters[name as ParameterName] };
  });
  return [...inPath, ...query.map((name) => ({ name, in: 'query', ...parameters[name] }))];
}
