import { z } from 'zod';
import { always, isReached, isSound } from './soundness.ts';
import { pattern, section } from './values.ts';

/** The account fields HelloID sends, by their names on the wire; `fields` in connector.json adds to them. */
export const personFields = [
  'externalId',
  'email',
  'voornaam',
  'tussenvoegsel',
  'achternaam',
  'gebruikersnaam',
  'geslacht',
] as const;

/** What a column of the roles file can hold besides the fields of the person. */
export const roleFields = ['ou', 'oucode', 'functie', 'functiecode', 'contract', 'startDate', 'endDate'] as const;

/** Members that stand beside the fields where an account is answered over HTTP. */
const accountMembers = ['reference', 'enabled', 'roles', 'delivered', 'pendingUsername', 'history'];

const taken = new Set([...personFields, 'gender', ...roleFields, ...accountMembers].map((name) => name.toLowerCase()));

const Field = section({
  name: pattern(
    /^[A-Za-z_][A-Za-z0-9_-]{0,59}$/,
    'a letter and then letters, digits, underscores and dashes, at most 60 characters',
  ).describe("The name of the field in HelloID's account data and in the columns of the files."),
});

export const Fields = z
  .array(Field, { error: 'expected a list of fields, such as [{ "name": "kostenplaats" }]' })
  .superRefine((fields, context) => {
    if (!isReached(context.issues, [])) return;
    const seen = new Set<string>();
    for (const [index, field] of fields.entries()) {
      if (!isSound(context.issues, [index])) continue;
      const key = field.name.toLowerCase();
      const fault = (message: string) => context.addIssue({ code: 'custom', path: [index, 'name'], message });
      // `constructor` and its like exist in every object.
      if (taken.has(key) || field.name in {}) fault('expected a name that is not taken');
      else if (seen.has(key)) fault('expected each name once');
      seen.add(key);
    }
  }, always);
