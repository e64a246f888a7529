import { expect, test } from 'vitest';
import { readOldDatabase } from '../../shared/legacy/old-database.ts';
import { takeOver, type TakeOver, type TakeOverOptions } from '../../shared/domain/legacy/take-over.ts';
import { employee, oldLife, type OldLife, type Release } from './old-life.ts';

interface Found {
  /** `number state reference roles`; `-`: HelloID holds no reference that is theirs alone. */
  persons: string[];
  rows: string[];
  references: string[];
  /** The lists that somebody is on, by number. */
  lists?: Record<string, string[]>;
}

/** What a take-over finds after a life, with HelloID's complete list or without any. */
function found(life: OldLife, options: Partial<TakeOverOptions> = {}, withList = true): Found {
  const references = life.references().map((entry, index) => ({ line: index + 2, ...entry }));
  const list = withList ? { complete: true, references } : null;
  return inWords(takeOver(readOldDatabase(life.path), { fits: () => true, list, unknown: 'ask', ...options }));
}

function inWords({ persons, rows, references, lists }: TakeOver): Found {
  const named: Record<string, string[]> = {
    grantedOnlyPassive: lists.grantedOnlyPassive.map(({ externalId }) => externalId ?? ''),
    unknownToHelloId: lists.unknownToHelloId.map(({ externalId }) => externalId ?? ''),
    sharedUsernames: lists.sharedUsernames.flatMap(({ rows: all }) => all.map(({ externalId }) => externalId ?? '')),
    grantedWithoutRow: lists.grantedWithoutRow.map(
      ({ externalId, orphanRoles }) => `${externalId}: ${orphanRoles} role(s)`,
    ),
  };
  const some = Object.fromEntries(Object.entries(named).filter(([, numbers]) => numbers.length > 0));
  const outcomeOf = (outcome: { kind: string; as?: string; why?: string }) => {
    const { kind, as, why } = outcome;
    return [kind, as, why && `(${why})`].filter(Boolean).join(' ');
  };
  return {
    persons: persons.map(
      ({ account, state, reference, roles }) => `${account.externalId} ${state} ${reference ?? '-'} ${roles.length}`,
    ),
    rows: rows.map(
      ({ externalId, username, outcome }) => `${externalId ?? ''} ${username ?? ''}: ${outcomeOf(outcome)}`,
    ),
    references: references.map(({ externalId, outcome }) => `${externalId}: ${outcomeOf(outcome)}`),
    ...(Object.keys(some).length > 0 && { lists: some }),
  };
}

const anna = employee('1', 'anna');
const off = { correlation: false };
const withoutContract = { ...anna, contracts: [] };

const states: [title: string, live: (life: OldLife) => void, expected: Found, release?: Release][] = [
  [
    'a joiner',
    (life) => life.create(anna),
    { persons: ['1 active anna 1'], rows: ['1 anna: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'a leaver, whose delete came twice',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.leave('1');
    },
    { persons: ['1 passive anna 0'], rows: ['1 anna: taken-over passive'], references: [] },
  ],
  [
    'a returner, correlated and updated',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(anna);
      life.update(anna);
    },
    { persons: ['1 active anna 1'], rows: ['1 anna: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'a returner, correlated before that update',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(anna);
    },
    {
      persons: ['1 active anna 0'],
      rows: ['1 anna: taken-over active'],
      references: ['1: taken-over'],
      lists: { grantedOnlyPassive: ['1'] },
    },
  ],
  [
    'a returner, whose update did not take the correlation',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(anna);
      life.update(anna);
      life.byHand("UPDATE persons SET passief = 'Ja'");
      life.update(anna);
    },
    {
      persons: ['1 active anna 1'],
      rows: ['1 anna: taken-over active'],
      references: ['1: taken-over'],
      lists: { grantedOnlyPassive: ['1'] },
    },
  ],
  [
    'a returner, correlated without a contract',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(anna);
      life.update(withoutContract);
    },
    { persons: ['1 active anna 0'], rows: ['1 anna: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'a returner with a new username',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(anna);
      life.update({ ...anna, username: 'anna2' });
    },
    { persons: ['1 active anna 1'], rows: ['1 anna2: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'a returner with a new username who leaves again',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(anna);
      life.update({ ...anna, username: 'anna2' });
      life.leave('1');
    },
    {
      persons: ['1 active anna2 0'],
      rows: ['1 anna2: unknown-to-helloid active'],
      references: [],
      lists: { unknownToHelloId: ['1'] },
    },
  ],
  [
    'a returner without correlation, before an update',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(anna, off);
    },
    {
      persons: ['1 active anna 1'],
      rows: ['1 anna: nothing-to-do (same-number)', '1 anna: taken-over active'],
      references: ['1: taken-over'],
    },
  ],
  [
    'a returner without correlation, after an update',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(anna, off);
      life.update({ ...anna, achternaam: 'De Vries' });
    },
    {
      persons: ['1 active anna 1'],
      rows: ['1 anna: nothing-to-do (same-number)', '1 anna: taken-over active'],
      references: ['1: taken-over'],
      lists: { grantedOnlyPassive: ['1'] },
    },
  ],
  [
    'a new number with the username of a leaver',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create({ ...anna, number: '2' });
    },
    {
      persons: ['2 active anna 1'],
      rows: ['1 anna: nothing-to-do (username-elsewhere)', '2 anna: taken-over active'],
      references: ['2: taken-over'],
      lists: { sharedUsernames: ['1', '2'] },
    },
  ],
  [
    'a new number with the username of a leaver, after an update',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create({ ...anna, number: '2' });
      life.update({ ...anna, number: '2', achternaam: 'De Vries' });
    },
    {
      persons: ['2 active anna 1'],
      rows: ['1 anna: nothing-to-do (username-elsewhere)', '2 anna: taken-over active'],
      references: ['2: taken-over'],
      lists: { grantedOnlyPassive: ['2'], sharedUsernames: ['1', '2'] },
    },
  ],
  [
    'two numbers with one username, both granted, the old one deleted after',
    (life) => {
      life.create(anna);
      life.create({ ...anna, number: '2' });
      life.leave('1');
      life.update({ ...anna, number: '2' });
    },
    {
      persons: ['2 active anna 1'],
      rows: ['1 anna: nothing-to-do (username-elsewhere)', '2 anna: taken-over active'],
      references: ['2: taken-over'],
      lists: { grantedOnlyPassive: ['2'], sharedUsernames: ['1', '2'] },
    },
  ],
  [
    'two numbers with one username, whose old number correlates again',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create({ ...anna, number: '2' });
      life.create(anna);
      life.update(anna);
    },
    {
      persons: [],
      rows: ['1 anna: ask (same-username)', '2 anna: ask (same-username)'],
      references: ['2: unmanage (shared-reference)', '1: unmanage (shared-reference)'],
      lists: { sharedUsernames: ['1', '2'] },
    },
  ],
  [
    'a passive person updated through the reference of somebody else',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.byHand("INSERT INTO roles VALUES ('anna', 'Zorg', 'Leider', 'D1', 'F1', datetime())");
    },
    { persons: ['1 passive anna 0'], rows: ['1 anna: taken-over passive'], references: [] },
  ],
  [
    'a username that changed twice',
    (life) => {
      life.create(anna);
      life.update({ ...anna, username: 'anna2' });
      life.update({ ...anna, username: 'anna3' });
    },
    { persons: ['1 active anna 1'], rows: ['1 anna2: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'a leaver whose username had changed',
    (life) => {
      life.create(anna);
      life.update({ ...anna, username: 'anna2' });
      life.leave('1');
    },
    {
      persons: ['1 active anna2 0'],
      rows: ['1 anna2: unknown-to-helloid active'],
      references: [],
      lists: { unknownToHelloId: ['1'] },
    },
  ],
  [
    'a leaver whose old username a joiner has',
    (life) => {
      life.create(anna);
      life.update({ ...anna, username: 'anna2' });
      life.create(employee('2', 'anna'));
      life.leave('1');
      life.update(employee('2', 'anna'));
    },
    {
      persons: ['1 active anna2 0', '2 active anna 1'],
      rows: ['1 anna2: unknown-to-helloid active', '2 anna: taken-over active'],
      references: ['2: taken-over'],
      lists: { grantedOnlyPassive: ['2'], unknownToHelloId: ['1'] },
    },
  ],
  [
    'a joiner whose row an update of the former holder of the name took',
    (life) => {
      life.create(anna);
      life.update({ ...anna, username: 'anna2' });
      life.create(employee('2', 'anna'));
      life.update({ ...anna, username: 'anna2' });
    },
    {
      persons: [],
      rows: ['1 anna2: ask (same-username)', '2 anna2: ask (same-username)'],
      references: ['1: unmanage (shared-reference)', '2: unmanage (shared-reference)'],
      lists: { sharedUsernames: ['1', '2'] },
    },
  ],
  [
    'a changed username, unmanaged and correlated again',
    (life) => {
      life.create(anna);
      life.update({ ...anna, username: 'anna2' });
      life.unmanage('1');
      life.create({ ...anna, username: 'anna2' });
      life.update({ ...anna, username: 'anna2' });
    },
    { persons: ['1 active anna2 1'], rows: ['1 anna2: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'a quote in a name',
    (life) => life.create({ ...anna, achternaam: "'t Hart" }),
    { persons: ['1 active anna 1'], rows: ['1 anna: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'a quote in the e-mail address',
    (life) => {
      life.create(employee('2', 'bram'));
      life.create({ ...anna, email: "a.o'brien@waterrijk-zorg.example" });
    },
    {
      persons: ['2 active bram 1'],
      rows: ['2 bram: taken-over active'],
      references: ['2: taken-over', '1: unmanage (unknown-reference)'],
      lists: { grantedWithoutRow: ['1: 1 role(s)'] },
    },
  ],
  [
    'a quote in the username',
    (life) => life.create({ ...anna, username: "o'brien" }),
    {
      persons: [],
      rows: [],
      references: ['1: unmanage (unknown-reference)'],
      lists: { grantedWithoutRow: ['1: 0 role(s)'] },
    },
  ],
  [
    'an e-mail address that gets a quote later',
    (life) => {
      life.create(anna);
      life.update({ ...anna, email: "a.o'brien@waterrijk-zorg.example" });
    },
    { persons: ['1 active anna 1'], rows: ['1 anna: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'no contract at create, tried again with correlation',
    (life) => {
      life.create(withoutContract);
    },
    {
      persons: ['1 active anna 0'],
      rows: ['1 anna: unknown-to-helloid active'],
      references: [],
      lists: { unknownToHelloId: ['1'] },
    },
  ],
  [
    'no contract at create, tried again without correlation',
    (life) => {
      life.create(withoutContract, off);
      life.create(withoutContract, off);
    },
    {
      persons: ['1 active anna 0'],
      rows: ['1 anna: nothing-to-do (same-number)', '1 anna: unknown-to-helloid active'],
      references: [],
      lists: { unknownToHelloId: ['1'] },
    },
  ],
  [
    'no contract at update',
    (life) => {
      life.create(anna);
      life.update(withoutContract);
    },
    { persons: ['1 active anna 0'], rows: ['1 anna: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'two contracts with one department and title',
    (life) => life.create({ ...anna, contracts: [...anna.contracts, ...anna.contracts] }),
    { persons: ['1 active anna 1'], rows: ['1 anna: taken-over active'], references: ['1: taken-over'] },
  ],
  [
    'duplicates that were correlated',
    (life) => {
      life.create(withoutContract, off);
      life.create(anna, off);
      life.unmanage('1');
      life.create(anna);
      life.update(anna);
    },
    {
      persons: ['1 active - 1'],
      rows: ['1 anna: nothing-to-do (same-number)', '1 anna: taken-over active'],
      references: ['1: unmanage (array-reference)'],
    },
  ],
  [
    'a passive and an active duplicate that were correlated',
    (life) => {
      life.create(anna);
      life.leave('1');
      life.create(withoutContract, off);
      life.create(anna);
      life.update(anna);
    },
    {
      persons: ['1 active - 0'],
      rows: ['1 anna: nothing-to-do (same-number)', '1 anna: taken-over active'],
      references: ['1: unmanage (array-reference)'],
    },
  ],
  [
    'duplicates that were correlated, and left',
    (life) => {
      life.create(withoutContract, off);
      life.create(withoutContract, off);
      life.create(anna);
      life.leave('1');
    },
    {
      persons: ['1 active anna 0'],
      rows: ['1 anna: nothing-to-do (same-number)', '1 anna: unknown-to-helloid active'],
      references: [],
      lists: { unknownToHelloId: ['1'] },
    },
  ],
  [
    'a row that is gone',
    (life) => {
      life.create(anna);
      life.byHand('DELETE FROM persons');
      life.update(anna);
    },
    {
      persons: [],
      rows: [],
      references: ['1: unmanage (unknown-reference)'],
      lists: { grantedWithoutRow: ['1: 1 role(s)'] },
    },
  ],
  [
    'a leaver under 2.0.3',
    (life) => {
      life.create(anna);
      life.leave('1');
    },
    {
      persons: ['1 active anna 0'],
      rows: ['1 anna: unknown-to-helloid active'],
      references: [],
      lists: { unknownToHelloId: ['1'] },
    },
    '2.0.3',
  ],
  [
    'a leaver under 2.0.1',
    (life) => {
      life.create(anna);
      life.leave('1');
    },
    { persons: [], rows: [], references: [] },
    '2.0.1',
  ],
  [
    'no contract at create under 2.0.1, which told HelloID that it had succeeded',
    (life) => life.create(withoutContract),
    { persons: ['1 active anna 0'], rows: ['1 anna: taken-over active'], references: ['1: taken-over'] },
    '2.0.1',
  ],
  [
    'a username that changed under 2.0.1, with a leaver among them',
    (life) => {
      for (const who of [anna, employee('2', 'bram')]) {
        life.create(who);
        life.update({ ...who, username: `${who.username}2` });
      }
      life.leave('2');
    },
    {
      persons: ['1 active anna 1', '2 active bram2 0'],
      rows: ['1 anna2: taken-over active', '2 bram2: unknown-to-helloid active'],
      references: ['1: taken-over'],
      lists: { unknownToHelloId: ['2'] },
    },
    '2.0.1',
  ],
];

test.each(states)(
  'with the list of HelloID, %s has one outcome per row and per reference',
  (_title, live, expected, release) => {
    const life = oldLife(release ?? '2.0.5');
    live(life);
    const what = found(life);
    what.persons.sort();
    expect(what).toEqual(expected);
  },
);

test('a failed statement that ended the script left DRYRUN in HelloID before 2.0.5, and nothing since', () => {
  const quoted = { ...anna, email: "a.o'brien@waterrijk-zorg.example" };
  const [before, since] = [oldLife('2.0.1', { stop: true }), oldLife('2.0.5', { stop: true })];
  for (const life of [before, since]) life.create(quoted);
  expect(found(before)).toMatchObject({ persons: [], references: ['1: unmanage (dryrun-reference)'] });
  expect(found(since)).toEqual({ persons: [], rows: [], references: [] });
});

test('passief that somebody wrote by hand: blank is active, ja is passive, another text is asked about', () => {
  const life = oldLife('2.0.5');
  const written = ["''", "' '", "'JA '", "'Nee'", "'Nee'"];
  for (const [index, value] of written.entries()) {
    life.create(employee(String(index + 1), `p${index + 1}`));
    life.byHand(`UPDATE persons SET passief = ${value} WHERE externalId = '${index + 1}'`);
  }
  for (const number of ['3', '5']) life.unmanage(number);
  expect(found(life, {}, false).rows).toEqual([
    '1 p1: taken-over active',
    '2 p2: taken-over active',
    '3 p3: taken-over passive',
    '4 p4: ask (other-passief)',
    '5 p5: ask (other-passief)',
  ]);
  expect(found(life).rows.slice(3)).toEqual(['4 p4: taken-over active', '5 p5: ask (other-passief)']);
  expect(found(life, { unknown: 'disable' }).rows[4]).toBe('5 p5: unknown-to-helloid disabled');
  const notes = takeOver(readOldDatabase(life.path), { fits: () => true, list: null, unknown: 'ask' }).notes;
  expect(notes.filter(({ kind }) => kind === 'other-passief')).toMatchObject([
    { row: 4, message: 'column passief holds [Nee] in 2 row(s), this the first' },
  ]);
});

test('without the list nothing is picked by time: rows that differ are asked about, and passive ones come over as passive', () => {
  const life = oldLife('2.0.5');
  const bram = employee('2', 'bram');
  life.create(anna);
  life.leave('1');
  life.create(anna, off); // active and passive rows of one number
  life.create(bram);
  life.create({ ...bram, number: '3' }); // one username, two numbers
  life.create(employee('4', 'cato'));
  life.leave('4');
  expect(found(life, {}, false)).toEqual({
    persons: ['4 passive cato 0'],
    rows: [
      '1 anna: ask (differing-rows)',
      '1 anna: ask (differing-rows)',
      '2 bram: ask (same-username)',
      '3 bram: ask (same-username)',
      '4 cato: taken-over passive',
    ],
    references: [],
    lists: { sharedUsernames: ['2', '3'] },
  });
});

test('one number under two usernames is the person whom the reference of HelloID reaches, and asked about where it reaches neither', () => {
  const life = oldLife('2.0.5');
  life.create(anna);
  life.leave('1');
  life.create({ ...anna, username: 'anna2' }, off);
  expect(found(life)).toMatchObject({
    persons: ['1 active anna2 1'],
    rows: ['1 anna: nothing-to-do (other-username)', '1 anna2: taken-over active'],
  });
  life.byHand("UPDATE persons SET gebruikersnaam = 'anna3' WHERE gebruikersnaam = 'anna2'");
  expect(found(life)).toMatchObject({
    persons: [],
    rows: ['1 anna: ask (differing-rows)', '1 anna3: ask (differing-rows)'],
    references: ['1: ask (differing-rows)'],
  });
});

test('leavers who shared a username come over as one, because nobody loses or gets access by it', () => {
  const life = oldLife('2.0.5');
  for (const number of ['1', '2']) {
    life.create({ ...anna, number });
    life.leave(number);
  }
  const { persons, rows } = found(life);
  expect(persons).toHaveLength(1);
  expect(rows).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/taken-over passive$/),
      expect.stringMatching(/nothing-to-do \(username-elsewhere\)$/),
    ]),
  );
});

test('a passive person does not get a reference that HelloID holds for somebody else', () => {
  const life = oldLife('2.0.5');
  life.create(anna);
  life.update({ ...anna, username: 'anna2' });
  life.create(employee('2', 'anna'));
  life.byHand("UPDATE persons SET passief = 'Ja' WHERE externalId = '2'");
  life.unmanage('2');
  expect(found(life).persons.toSorted()).toEqual(['1 active anna 1', '2 passive - 0']);
});
