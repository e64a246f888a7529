import { readFileSync } from 'node:fs';
import { kitScripts, listMembers, pageSize, type KitScript } from '../../tools/helloid-kit/scripts.ts';

/** What HelloID hands to a script: the files in `test/samples/helloid`. */
export type Sample = { script: string; actionContext: object; personContext?: object | null; resourceContext?: object };

/** Which scripts of the kit serve a sample, by the sample's `script`. */
const pathsBySample: Readonly<Record<string, readonly string[]>> = {
  create: ['create.ps1'],
  update: ['update.ps1'],
  enable: ['enable.ps1'],
  disable: ['disable.ps1'],
  delete: ['delete.ps1'],
  uniqueness: ['uniqueness.ps1'],
  import: ['import.ps1'],
  permissions: ['permissions/contract-roles/permissions.ps1', 'permissions/catalogue/permissions.ps1'],
  subPermissions: ['permissions/contract-roles/subPermissions.ps1'],
  importSubPermissions: ['permissions/contract-roles/importSubPermissions.ps1'],
  grantPermission: ['permissions/catalogue/grantPermission.ps1'],
  revokePermission: ['permissions/catalogue/revokePermission.ps1'],
  importPermissions: ['permissions/catalogue/import.ps1'],
  resources: ['resources/departments.ps1', 'resources/titles.ps1'],
};

export function readSample(name: string): Sample {
  return JSON.parse(readFileSync(new URL(`../samples/helloid/${name}.json`, import.meta.url), 'utf8')) as Sample;
}

/** The scripts of the kit that HelloID would run for this sample. */
export function scriptsFor(sample: Sample): KitScript[] {
  const paths = pathsBySample[sample.script] ?? [];
  return kitScripts.filter(({ path }) => paths.includes(path));
}

/** The body that a script posts to `/api/helloid/<action>` for a sample; for an import that of the first page. */
export function kitBody(script: KitScript, sample: Sample): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const path of script.sends) put(body, path.split('.'), valueAt(sample, path));
  if (script.kind) body.kind = script.kind;
  if (script.answer.part === 'import') Object.assign(body, { cursor: null, pageSize });
  return body;
}

/** As PowerShell has it: what is absent anywhere on the way is null, and a list is a list, also of a single item. */
function valueAt(sample: Sample, path: string): unknown {
  const value = path
    .split('.')
    .reduce<unknown>((object, name) => (object as Record<string, unknown> | null)?.[name] ?? null, sample);
  return listMembers.includes(path) && value !== null && !Array.isArray(value) ? [value] : value;
}

function put(body: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) body[name] = value;
  else put((body[name] ??= {}) as Record<string, unknown>, rest, value);
}
