import { z } from 'zod';
import type { ErrorCode } from '../../../shared/errors.ts';
import { statuses } from '../../http.ts';
import { Count, Time } from './values.ts';

const codes = [...(Object.keys(statuses) as ErrorCode[]), 'fault'] as const;

export const monitoringAnswers = {
  Live: z.strictObject({ status: z.literal('ok') }).describe('The process answers and the database is open.'),
  Health: z
    .strictObject({
      status: z.enum(['ok', 'unhealthy']),
      reasons: z.array(z.string()).optional().describe('What is wrong; only where something is.'),
      pausedSince: Time.optional(),
      attention: z
        .array(z.string())
        .optional()
        .describe('Who has access and should perhaps not, by number; no fault of the connector, so 200 stays 200.'),
    })
    .describe('Whether all is well, without personal data.'),
  AuditVerification: z
    .discriminatedUnion('ok', [
      z.strictObject({
        ok: z.literal(true),
        entries: Count,
        head: z.string(),
        heads: z
          .strictObject({ same: Count, replaced: Count })
          .optional()
          .describe(
            'Heads kept in the archive and of notifications: in this trail, or in one that a restore replaced.',
          ),
        untold: Count.optional().describe('Accounts of which the trail holds nothing any more, where there are such.'),
      }),
      z.strictObject({ ok: z.literal(false), brokenAt: Count.nullable(), reason: z.string() }),
    ])
    .describe('Whether the trail is as it was written, or the first entry that is not.'),
  OpenApi: z.looseObject({ openapi: z.literal('3.1.1') }).describe('This description.'),
  Error: z
    .strictObject({ message: z.string().describe('For people; holds no secret.'), code: z.enum(codes) })
    .describe('Why a request was not carried out.'),
};
