import { accessExamples, accountExamples } from './examples/accounts.ts';
import { importExamples, listExamples } from './examples/lists.ts';
import { operatorExamples } from './examples/operators.ts';
import { leavingExamples, permissionExamples } from './examples/permissions.ts';

/** A request and its answer, as the document shows them. */
export interface Example {
  route: string;
  /** Unique among those of its route. */
  name: string;
  summary: string;
  /** The parameters of the path. */
  params?: Readonly<Record<string, string>>;
  request?: object;
  /** 200 when absent. */
  status?: number;
  answer?: object;
}

/**
 * One person's life, each answer being what stands after the requests before it. Contracts and data are cut down to what we read; the settings are
 * those of the kit: roles by sub-permissions, access by enable, one role in the catalogue.
 */
export const story: readonly Example[] = [
  ...listExamples,
  ...accountExamples,
  ...permissionExamples,
  ...importExamples,
  ...operatorExamples,
  ...leavingExamples,
  ...accessExamples,
];
