import type { z } from 'zod';
import type { Policy } from '../../shared/policy.ts';
import { acceptShape } from '../account-decisions.ts';
import { acceptAlsoShape } from '../also-accept.ts';
import { exportShape } from '../export-now.ts';
import { acceptFindingShape } from '../finding-accept.ts';
import { seenShape } from '../finding-seen.ts';
import { allowShape } from '../username-allow.ts';
import { actionShape } from '../wire/action.ts';
import { deciderShape } from '../wire/decider.ts';
import { listShape } from '../wire/list-request.ts';
import { permissionShape, subPermissionsShape } from '../wire/permission-action.ts';
import { Reference } from '../wire/reference.ts';
import { resourcesShape } from '../wire/resources.ts';
import { accountAnswers } from './answers/accounts.ts';
import { helloIdAnswers } from './answers/helloid.ts';
import { monitoringAnswers } from './answers/monitoring.ts';
import { overviewAnswers } from './answers/overview.ts';
import { runAnswers } from './answers/runs.ts';

/** Every named body and answer, as this policy's fields and contract paths make them. */
export function schemasOf(policy: Policy) {
  return {
    Reference,
    ...bodiesOf(policy),
    ...helloIdAnswers,
    ...accountAnswers(policy),
    ...runAnswers,
    ...overviewAnswers,
    ...monitoringAnswers,
  } satisfies Record<string, z.ZodType>;
}

export type SchemaName = keyof ReturnType<typeof schemasOf>;
export type BodyName = keyof ReturnType<typeof bodiesOf>;

/** The shapes that the readers of `wire` check bodies with; what they check behind the shape is said by `required`. */
function bodiesOf(policy: Policy) {
  return {
    AccountAction: actionShape(policy).describe('An account action as HelloID has it.'),
    PermissionAction: permissionShape.describe('A static permission to grant or revoke.'),
    SubPermissionsAction: subPermissionsShape(policy).describe('Contracts, and what HelloID believes to be granted.'),
    ListRequest: listShape.describe('What to list; for an import also where the page starts.'),
    ResourcesAction: resourcesShape.describe(
      'Departments (`ExternalId`, `DisplayName`) or titles (`Code`, `Name`) that HelloID collected.',
    ),
    ExportRequest: exportShape.describe('A run, or with `dryRun` only what it would be.'),
    SeenRequest: seenShape.meta({ description: 'Which finding, and who looked.', required: ['code', 'message', 'by'] }),
    AcceptFindingRequest: acceptFindingShape.meta({
      description: 'Which kind, until when, who decides and why.',
      required: ['code', 'until', 'by', 'reason'],
    }),
    AcceptAlsoRequest: acceptAlsoShape.meta({
      description: 'Whose line, who decides and why.',
      required: ['username', 'by', 'reason'],
    }),
    Decision: deciderShape.meta({ description: 'Who decides and why.', required: ['by', 'reason'] }),
    AcceptRequest: acceptShape.meta({
      description: 'Which changed value, who decides and why.',
      required: ['by', 'reason'],
    }),
    AllowRequest: allowShape.meta({
      description: 'For which number, who decides and why.',
      required: ['externalId', 'by', 'reason'],
    }),
  };
}
