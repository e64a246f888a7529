import type { Column, Leavers } from '../domain/columns.ts';
import type { Recognised } from '../domain/legacy/release.ts';
import type { Policy } from '../policy.ts';
import { columnsOf } from './given-columns.ts';
import type { GivenFile } from './given-file.ts';

/** A setting of connector.json that the take-over needs, and why. */
export interface WantedSetting {
  path: string[];
  wanted: unknown;
  why: string;
}

export interface SettingDifference extends WantedSetting {
  inForce: unknown;
}

export interface Given {
  persons: GivenFile;
  /** Null: the oldest release delivered no roles. */
  roles: GivenFile | null;
}

/** The columns of both given files, with the fields they hold. */
export interface GivenColumns {
  persons: Column[];
  roles: Column[];
}

export function givenColumns({ persons, roles }: Given, policy: Policy): GivenColumns {
  const added = policy.fields.map(({ name }) => name);
  return {
    persons: columnsOf(persons, 'persons', policy.files.persons.columns, added),
    roles: roles ? columnsOf(roles, 'roles', policy.files.roles.columns, added) : policy.files.roles.columns,
  };
}

/** The settings with which our files equal the given ones. */
export function wantedSettings(
  given: Given,
  columns: GivenColumns,
  leavers: Leavers,
  recognised: Recognised,
  policy: Policy,
): WantedSetting[] {
  const personColumns = leavers === 'passive' ? columns.persons : columns.persons.filter(({ status }) => !status);
  const settings: WantedSetting[] = [
    { path: ['spendCloud', 'leavers'], wanted: leavers, why: 'how the import of this customer tells who left' },
    ...ofFile('persons', given.persons, personColumns),
    ...(given.roles ? ofFile('roles', given.roles, columns.roles) : []),
  ];
  const code = codeField(recognised, policy.roles.profile.code);
  return code ? [...settings, { path: ['roles', 'profile', 'code'], ...code }] : settings;
}

/** Which settings in force are others; columns are compared as they are, defaults too. */
export function differences(wanted: readonly WantedSetting[], policy: Policy): SettingDifference[] {
  return wanted.flatMap((setting) => {
    const inForce = setting.path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], policy);
    return isSame(inForce, setting.wanted) ? [] : [{ ...setting, inForce }];
  });
}

function isSame(some: unknown, other: unknown): boolean {
  return canonical(some) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function ofFile(kind: keyof Given, { fileName, layout }: GivenFile, columns: Column[]): WantedSetting[] {
  const why = `as ${fileName}`;
  const values = { fileName, ...layout, columns };
  return Object.entries(values).map(([name, wanted]) => ({ path: ['files', kind, name], wanted, why }));
}

/** The field of a contract whose codes the database holds, by the release; the codes themselves do not show it. */
function codeField({ release, releases }: Recognised, inForce: string): { wanted: string; why: string } | undefined {
  if (release === 'V1') return undefined; // it had no roles
  const isNewest = releases.includes('2.0.5');
  const isChosen = release === 'mixed' && inForce === 'Title.Code'; // written down by a person, and perhaps right
  const wanted = isNewest && !isChosen ? 'Title.ExternalId' : 'Title.Code';
  const by = isNewest
    ? 'release 2.0.5 takes codes from Title.ExternalId'
    : 'releases before 2.0.5 take codes from Title.Code';
  const both = isNewest
    ? '; a table that was upgraded holds codes of Title.Code as well, until the person of the row is updated'
    : '';
  return { wanted, why: `${by}${both}` };
}
