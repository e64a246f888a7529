import { judgeFamilyName } from './family-name.ts';
import { textOf, type OldDatabase, type OldPerson } from './old-rows.ts';
import { readPassief } from './passief.ts';

/** Releases of the earlier connector that differ in what they leave behind. */
export type OldRelease = 'V1' | '2.0.0-2.0.1' | '2.0.2-2.0.4' | '2.0.5';

/** A trace of a release; several together tell which one it was. */
export interface ReleaseSign {
  /** Undefined where the trace tells something about the customer's settings only. */
  release: OldRelease | undefined;
  message: string;
}

export interface Recognised {
  /** `mixed`: an upgraded table with traces of several; `before-2.0.5`: no more can be told. */
  release: OldRelease | 'mixed' | 'before-2.0.5';
  /** Those that left traces, oldest first. */
  releases: OldRelease[];
  signs: ReleaseSign[];
  /** Whether the customer's mapping writes the prefix behind the last name, as 2.0.1 and before, or not, as 2.0.5. */
  surnames: 'with-prefix' | 'without-prefix' | 'mixed' | 'unknown';
}

// 2.0.3 was current for seven months: fewer than this share of the rows is no trace of it.
const leaversOf203 = 0.02;

const inOrder: OldRelease[] = ['V1', '2.0.0-2.0.1', '2.0.2-2.0.4', '2.0.5'];

/** Names the release or releases that wrote a database, by several traces together. */
export function recogniseRelease(old: OldDatabase): Recognised {
  const names = old.persons.map(familyNameOf);
  const count = (kind: (typeof names)[number]) => names.filter((name) => name === kind).length;
  const [behind, lost, apart] = [count('prefix-twice'), count('prefix-lost'), count('apart')];
  const signs = [...layoutSigns(old), ...rowSigns(old, lost), ...nameSigns(behind + lost, apart)];
  const releases = inOrder.filter((release) => signs.some((sign) => sign.release === release));
  const [only, second] = releases;
  return {
    release: second ? 'mixed' : (only ?? 'before-2.0.5'),
    releases,
    signs,
    surnames: behind + lost > 0 ? (apart > 0 ? 'mixed' : 'with-prefix') : apart > 0 ? 'without-prefix' : 'unknown',
  };
}

function layoutSigns({ layout, hasPassief, persons }: OldDatabase): ReleaseSign[] {
  if (layout === 'V1') return [sign('V1', 'persons has the columns voornamen and adfs_login, and there are no roles')];
  if (!hasPassief) return [sign(undefined, 'persons has no column passief: written before 2.0.5')];
  const passive = persons.filter(({ passief }) => readPassief(passief).kind === 'passive').length;
  return [sign('2.0.5', `persons has the column passief, with Ja in ${passive} of ${persons.length} row(s)`)];
}

function rowSigns(old: OldDatabase, lost: number): ReleaseSign[] {
  const { layout, hasPassief, persons } = old;
  if (layout === 'V1') return [];
  const signs: ReleaseSign[] = [];
  if (lost > 0)
    signs.push(
      sign(
        '2.0.0-2.0.1',
        `${lost} last name(s) end in a prefix beside an empty tussenvoegsel: its updates emptied that`,
      ),
    );
  const left = withoutRoles(old);
  if (left > 0) {
    // a few are left by any release (no contract, a username that changed before the delete); with the column nothing tells them apart
    const release = !hasPassief && left >= persons.length * leaversOf203 ? '2.0.2-2.0.4' : undefined;
    signs.push(
      sign(release, `${left} active row(s) have no roles: 2.0.3 left a leaver's row and removed the roles only`),
    );
  }
  const nameless = persons.filter(({ externalId }) => externalId === '').length;
  if (nameless > 0 && hasPassief) signs.push(sign('2.0.5', `${nameless} row(s) have an empty externalId`));
  return signs;
}

function nameSigns(behind: number, apart: number): ReleaseSign[] {
  const signs: ReleaseSign[] = [];
  if (behind > 0)
    signs.push(sign(undefined, `${behind} last name(s) have the prefix behind them: the mapping of 2.0.1 and before`));
  if (apart > 0) signs.push(sign(undefined, `${apart} prefix(es) are in tussenvoegsel alone: the mapping of 2.0.5`));
  return signs;
}

/** Active rows without roles, less the names that roles are under and persons are not: each of those may be somebody renamed. */
function withoutRoles({ persons, roles }: OldDatabase): number {
  const active = persons.filter(({ passief }) => readPassief(passief).kind === 'active');
  const names = new Set(persons.map(({ gebruikersnaam }) => gebruikersnaam));
  const underRole = new Set(roles.map(({ gebruikersnaam }) => gebruikersnaam));
  const renamed = [...underRole].filter((name) => !names.has(name)).length;
  return active.filter(({ gebruikersnaam }) => !underRole.has(gebruikersnaam)).length - renamed;
}

function familyNameOf({ achternaam, tussenvoegsel }: OldPerson): string {
  const [name, prefix] = [textOf(achternaam) ?? '', textOf(tussenvoegsel) ?? ''];
  const { kind } = judgeFamilyName(name, prefix);
  return kind === 'as-it-is' && prefix.trim() !== '' ? 'apart' : kind;
}

function sign(release: OldRelease | undefined, message: string): ReleaseSign {
  return { release, message };
}
