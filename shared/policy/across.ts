import type { z } from 'zod';
import type { Column } from '../domain/columns.ts';
import { personFields, roleFields } from './fields.ts';
import { usualPersonColumns } from './files.ts';
import { isReached, isSound } from './soundness.ts';

/** The part of the policy that the checks across settings look at. */
interface Looked {
  spendCloud: { personKey: string; leavers?: 'passive' | 'absent' | undefined };
  fields: { name: string }[];
  files: Record<'persons' | 'roles', { fileName: string; columns?: Column[] | undefined }>;
}

/** What one setting asks of another. Each check looks only at what is right by itself, and so runs beside any other fault. */
export function checkAcross(policy: Looked, context: z.core.$RefinementCtx): void {
  checkFileNames(policy, context);
  for (const file of ['persons', 'roles'] as const) {
    const path = ['files', file, 'columns'];
    if (!isReached(context.issues, path)) continue;
    checkColumnFields(policy, file, context);
    checkPersonKey(policy, file, context);
  }
  checkStatusColumn(policy, context);
}

/** How inactive people are told and the file must fit: the wrong pair would make every leaver an active employee, or lock everybody out. */
function checkStatusColumn({ spendCloud, files }: Looked, context: z.core.$RefinementCtx): void {
  const path = ['files', 'persons', 'columns'];
  if (!isReached(context.issues, path)) return;
  const { columns } = files.persons;
  if (!columns) return;
  const fault = (at: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path: at, message });
  const isReadable = (_: Column, index: number) => isReached(context.issues, [...path, index]);
  const status = columns.filter(isReadable).filter((column) => column.status !== undefined);
  if (status.length > 1) fault(path, 'found more than one column with a `status`, expected one');
  if (!isSound(context.issues, ['spendCloud', 'leavers'])) return;
  if (spendCloud.leavers === 'passive' && status.length === 0)
    fault(
      ['spendCloud', 'leavers'],
      'expected "absent", or a column of the status in files.persons.columns, such as { "header": "passief", "status": { "active": null, "inactive": "Ja" } }',
    );
  if (spendCloud.leavers === 'absent' && status.length > 0)
    fault(
      ['spendCloud', 'leavers'],
      'expected "passive", because files.persons.columns has a column of the status; take that column out where the import in Spend Cloud does not read it',
    );
}

function checkFileNames({ files }: Looked, context: z.core.$RefinementCtx): void {
  const paths = (['persons', 'roles'] as const).map((file) => ['files', file, 'fileName']);
  if (!paths.every((path) => isSound(context.issues, path))) return;
  if (files.persons.fileName.toLowerCase() !== files.roles.fileName.toLowerCase()) return;
  const message = 'expected another name than that of the persons file';
  context.addIssue({ code: 'custom', path: ['files', 'roles', 'fileName'], message });
}

function checkColumnFields(policy: Looked, file: 'persons' | 'roles', context: z.core.$RefinementCtx): void {
  if (!isReached(context.issues, ['fields'])) return;
  const fixed: string[] = [...(file === 'roles' ? roleFields : []), ...personFields];
  // A name that is wrong by itself is known here all the same: one fault, one line.
  const added = policy.fields
    .filter((_, index) => isReached(context.issues, ['fields', index]))
    .map(({ name }) => name);
  for (const [index, column] of (policy.files[file].columns ?? []).entries()) {
    const path = ['files', file, 'columns', index, 'field'];
    if (!isSound(context.issues, path) || column.field === undefined) continue;
    if (fixed.includes(column.field) || added.includes(column.field)) continue;
    context.addIssue({ code: 'custom', path, message: `expected ${fixed.join(', ')} or a name in \`fields\`` });
  }
}

/** Spend Cloud finds the person of a row by this field. */
function checkPersonKey(policy: Looked, file: 'persons' | 'roles', context: z.core.$RefinementCtx): void {
  if (!isReached(context.issues, ['spendCloud', 'personKey'])) return;
  const { personKey } = policy.spendCloud;
  const columns = policy.files[file].columns ?? usualPersonColumns('passive');
  const holdsIt = columns.some(
    (column, index) => isReached(context.issues, ['files', file, 'columns', index]) && column.field === personKey,
  );
  if (holdsIt) return;
  const message = `no column holds "${personKey}", expected one because spendCloud.personKey names that field`;
  context.addIssue({ code: 'custom', path: ['files', file, 'columns'], message });
}
