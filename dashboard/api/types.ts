/** What the server answers, taken from the shapes that its OpenAPI description is made of. */
import type { z } from 'zod';
import type { accountAnswers } from '../../functions/openapi/answers/accounts.ts';
import type { monitoringAnswers } from '../../functions/openapi/answers/monitoring.ts';
import type { overviewAnswers } from '../../functions/openapi/answers/overview.ts';
import type { runAnswers } from '../../functions/openapi/answers/runs.ts';

type AccountAnswers = ReturnType<typeof accountAnswers>;

export type Account = z.infer<AccountAnswers['Account']>;
export type AccountPage = z.infer<AccountAnswers['AccountPage']>;
export type AccountDetail = z.infer<AccountAnswers['AccountDetail']>;
export type Role = z.infer<AccountAnswers['Role']>;
export type AuditEntry = z.infer<AccountAnswers['AuditEntry']>;
export type AuditPage = z.infer<AccountAnswers['AuditPage']>;
export type AuditVerification = z.infer<typeof monitoringAnswers.AuditVerification>;

export type Run = z.infer<typeof runAnswers.Run>;
export type RunState = Run['state'];
export type RunPage = z.infer<typeof runAnswers.RunPage>;
export type RunDetail = z.infer<typeof runAnswers.RunDetail>;
export type RunPreview = z.infer<typeof runAnswers.RunPreview>;
export type Affected = z.infer<typeof runAnswers.Affected>;
export type Effect = NonNullable<Run['effect']>;
export type ShownFinding = z.infer<typeof runAnswers.ShownFinding>;
export type PauseState = z.infer<typeof runAnswers.PauseState>;
export type Overview = z.infer<typeof overviewAnswers.Overview>;
export type HealthReason = Overview['health']['reasons'][number];
export type AccessKind = Overview['waiting']['access']['kinds'][number];
export type FindingAccepted = z.infer<typeof runAnswers.FindingAccepted>;
export type TakeOver = z.infer<typeof overviewAnswers.TakeOver>;
export type Statistics = z.infer<typeof overviewAnswers.Statistics>;
/** With `who=false` it comes without the people and the findings. */
export type Preview = z.infer<typeof overviewAnswers.Preview>;
export type Checks = z.infer<typeof overviewAnswers.Checks>;
export type Keys = z.infer<typeof overviewAnswers.Keys>;
export type Backups = z.infer<typeof overviewAnswers.Backups>;
