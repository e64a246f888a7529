import { fieldNames, fixedFields, type Account, type Role, type Wanted } from './account.ts';
import { hiddenInside } from './key-form.ts';
import { textProblem, type Fits } from './text.ts';

/** Every reason why the wanted values and roles cannot be taken, each naming the field and never showing the value. */
export function problemsOf(wanted: Wanted, roles: readonly Role[], fits: Fits): string[] {
  const fields = fixedFields.map((field) => [fieldNames[field], wanted[field]] as const);
  const values = [...fields, ...Object.entries(wanted.extra ?? {})];
  const inFields = values.flatMap(([name, value]) => problem(`[${name}]`, value, fits));
  return [...inFields, ...roles.flatMap((role) => roleProblems(role, fits))];
}

/** What is wrong with the two values that a person is known by: they must be what they look like. */
export function hiddenIn({ externalId, username }: Pick<Wanted, 'externalId' | 'username'>): string[] {
  return (['externalId', 'username'] as const).flatMap((field) => {
    const hidden = hiddenInside({ externalId, username }[field] ?? '');
    return hidden ? [`[${fieldNames[field]}] ${hidden}`] : [];
  });
}

/** The wire names of the fields in which two accounts differ, sorted. */
export function changedFields(before: Account, after: Account): string[] {
  const fixed = fixedFields
    .filter((field) => before[field] !== after[field])
    .map((field) => fieldNames[field] as string);
  const names = new Set([...Object.keys(before.extra), ...Object.keys(after.extra)]);
  const extra = [...names].filter((name) => (before.extra[name] ?? null) !== (after.extra[name] ?? null));
  return [...fixed, ...extra].sort();
}

function roleProblems(role: Role, fits: Fits): string[] {
  const { contract, unit, unitCode, profile, profileCode, startDate, endDate } = role;
  const texts = { contract, unit, unitCode, profile, profileCode, startDate, endDate };
  return Object.entries(texts).flatMap(([name, value]) => problem(`[${name}] of a contract`, value, fits));
}

function problem(name: string, value: string | null | undefined, fits: Fits): string[] {
  if (value === null || value === undefined) return [];
  const found = textProblem(value, fits);
  return found ? [`${name} ${found}`] : [];
}
