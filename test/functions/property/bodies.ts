import fc from 'fast-check';
import type { Action, Contract, Data, Settings } from './model.ts';

/** How a body is treated on its way: sent as it is, with a text that cannot be stored, or spoiled so that it must be refused. */
export type Treatment = 'sound' | 'bad-text' | 'spoiled';

export interface Step {
  /** What is meant; the account it is about is chosen when it is sent, among those that are there. */
  action: Omit<Action, 'reference'>;
  /** Which of the accounts that are there; a number past 9 is nobody. */
  target: number;
  /** Codes that HelloID believes to be granted. */
  believed: string[];
  treatment: Treatment;
  /** Where the body is written otherwise, though it means the same. */
  dice: number[];
}

export const settings: fc.Arbitrary<Settings> = fc.record({
  assignedBy: fc.constantFrom('account', 'permissions', 'permissions'),
  initiallyEnabled: fc.boolean(),
  usernameReuse: fc.constantFrom('refuse', 'refuse', 'report'),
  duplicateEmail: fc.constantFrom('refuse', 'refuse', 'report'),
});

const people = 5;
const person = fc.nat(people - 1);

// Names as people have them, and the oddest that may be stored; in NFC, as they come back.
const name = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('Anna', 'Renée', "'t Hart", 'van den', 'Łukasz', 'Çelik-Ørsted', 'O"Brien; jr.', 'a,b'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('tab\there', 'two\r\nlines', '\u{1F600}'.repeat(200), '  ', '', '@home', '{}', '[]'),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((text) => text.normalize('NFC'))
      // a control character, a date of PowerShell or what it cut off would mean something else
      .filter((text) => !/\p{Cc}|^@\{/u.test(text) && !text.startsWith('/Date(')),
  },
);
const value = fc.option(name, { freq: 5 });

const username = fc.oneof(
  { weight: 8, arbitrary: fc.constant((own: number) => `user${own}`) },
  { weight: 1, arbitrary: fc.constant((own: number) => `USER${own}`) },
  { weight: 1, arbitrary: person.map((other) => () => `User${other}`) },
  { weight: 3, arbitrary: fc.nat(999).map((fresh) => () => `née${fresh}`) },
);
const email = fc.oneof(
  { weight: 6, arbitrary: fc.constant((own: number) => `p${own}@waterrijk-zorg.example`) },
  { weight: 1, arbitrary: person.map((other) => () => `P${other}@Waterrijk-Zorg.example`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      () => null,
      () => '',
      () => ' ',
    ),
  },
);

/** The data of a create: complete, as far as HelloID must send it. */
const created: fc.Arbitrary<Data> = fc
  .record({
    own: person,
    username,
    email,
    rest: fc.record(
      { voornaam: value, tussenvoegsel: value, achternaam: value, geslacht: value },
      { requiredKeys: [] },
    ),
    leavesOut: fc.constantFrom(...Array<null>(18).fill(null), 'externalId', 'gebruikersnaam'),
  })
  .map(({ own, username, email, rest, leavesOut }) => {
    const data: Data = { externalId: String(1000 + own), gebruikersnaam: username(own), email: email(own), ...rest };
    return leavesOut === null ? data : { ...data, [leavesOut]: null };
  });

/** The data of an update: what HelloID mapped, and now and then a number or name that may be someone else's. */
const updated: fc.Arbitrary<Data> = fc.record(
  {
    externalId: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.nat(20).map((number) => String(1000 + number)) },
    ),
    gebruikersnaam: fc.oneof(
      { weight: 2, arbitrary: fc.tuple(username, person).map(([make, own]) => make(own)) },
      { weight: 1, arbitrary: fc.constantFrom(null, '', ' ') },
    ),
    email: fc.tuple(email, person).map(([make, own]) => make(own)),
    voornaam: value,
    tussenvoegsel: value,
    achternaam: value,
    geslacht: value,
  },
  { requiredKeys: [] },
);

const codes = fc.constantFrom('D0310', 'D0420', 'A|B', 'C\\', '007', '12', 'Ü');
const place = fc.oneof(
  { weight: 8, arbitrary: codes.map((code) => ({ name: `Naam ${code}`, code })) },
  { weight: 1, arbitrary: codes.map((name) => ({ name, code: null })) },
  { weight: 1, arbitrary: codes.map((code) => ({ name: null, code })) },
  { weight: 1, arbitrary: fc.constant({ name: null, code: null }) },
);
const contract: fc.Arbitrary<Contract> = fc.record({
  id: fc.option(fc.constantFrom('c1', 'c2', '3'), { freq: 9 }),
  inConditions: fc.boolean(),
  unit: place,
  profile: place,
  startDate: fc.constantFrom('2019-03-01T00:00:00Z', '2026-11-01T12:30:00Z'),
});
const many = fc.integer({ min: 99, max: 102 }).map((count) =>
  Array.from({ length: count }, (_, index): Contract => {
    const unit = { name: `Afdeling ${index}`, code: `D${index}` };
    return {
      id: `c${index}`,
      inConditions: true,
      unit,
      profile: { name: 'P', code: 'P' },
      startDate: '2019-03-01T00:00:00Z',
    };
  }),
);
const contracts = fc.oneof(
  { weight: 12, arbitrary: fc.array(contract, { maxLength: 4 }) },
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: many },
);

const correlation: fc.Arbitrary<Action['correlation']> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 5, arbitrary: person.map((own) => ({ field: 'externalId' as const, value: String(1000 + own) })) },
  { weight: 1, arbitrary: person.map((own) => ({ field: 'gebruikersnaam' as const, value: `uSER${own}` })) },
  { weight: 1, arbitrary: person.map((own) => ({ field: 'email' as const, value: `p${own}@WATERRIJK-zorg.example` })) },
);

const kind: fc.Arbitrary<Action['kind']> = fc.oneof(
  { weight: 5, arbitrary: fc.constant('create' as const) },
  { weight: 5, arbitrary: fc.constant('update' as const) },
  { weight: 4, arbitrary: fc.constant('sub-permissions' as const) },
  { weight: 3, arbitrary: fc.constantFrom('enable' as const, 'disable' as const, 'delete' as const) },
);

/** Bodies in a row: a few people first, so that there is somebody to change. */
export const steps = (count: number): fc.Arbitrary<Step[]> => {
  const some = (kinds: typeof kind, length: number) =>
    fc.array(stepOf(kinds), { minLength: length, maxLength: length });
  return fc.tuple(some(fc.constant('create'), 3), some(kind, count - 3)).map((both) => both.flat());
};

const stepOf = (kinds: typeof kind): fc.Arbitrary<Step> =>
  fc
    .record({
      kind: kinds,
      created,
      updated,
      correlation,
      contracts,
      operation: fc.constantFrom('grant' as const, 'update' as const, 'update' as const, 'revoke' as const),
      dryRun: fc.constantFrom(...Array<boolean>(9).fill(false), true),
      target: fc.oneof({ weight: 12, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.constantFrom(10, 11) }),
      believed: fc.uniqueArray(fc.constantFrom('D0310|D0420', 'gone|X', 'No roles defined', 'A\\|B|12'), {
        maxLength: 3,
      }),
      treatment: fc.constantFrom<Treatment>(...Array<Treatment>(14).fill('sound'), 'bad-text', 'spoiled', 'spoiled'),
      dice: fc.array(fc.nat(9_999), { minLength: 24, maxLength: 24 }),
    })
    .map(({ kind, created, updated, target, believed, treatment, dice, ...rest }) => {
      const data = kind === 'create' ? created : kind === 'update' ? updated : {};
      return { action: { kind, data, ...rest }, target, believed, treatment, dice };
    });
