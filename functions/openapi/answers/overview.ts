import { z } from 'zod';
import { accessCodes, type KeptAccess } from '../../../shared/domain/kept-access.ts';
import type { Step as StepOf } from '../../../shared/doctor/step.ts';
import { guardNames, type GuardName } from '../../../shared/domain/guards.ts';
import type { Trouble } from '../../../shared/health.ts';
import { scopes } from '../../../shared/keys.ts';
import { Accepted, runAnswers } from './runs.ts';
import { Count, Time } from './values.ts';

const { id, trigger, state, dueAt, createdAt, startedAt, effect, reasons, retryAt } = runAnswers.Run.shape;
const Day = z.iso.date();
const Active = Count.describe('Active people in the file.');
const Rows = Count.describe('Rows of the file.');

const Reason = z
  .strictObject({
    code: z.enum(['database', 'timer', 'overdue', 'run', 'backup', 'silent', 'notifications', 'erasure']),
    reason: z.string(),
    next: z.string().nullable().describe('What to do about it; null where the reason says so.'),
    run: Count.nullable().describe('The run it is about.'),
    at: Time.nullable().describe("The due time that was missed, or HelloID's last call."),
  })
  .describe('Why somebody should look.') satisfies z.ZodType<Trouble>;

const settings = z.strictObject({
  language: z.enum(['auto', 'nl', 'en']),
  personKey: z.enum(['gebruikersnaam', 'externalId']),
  leavers: z.enum(['passive', 'absent']),
  username: z.enum(['confirm', 'follow', 'freeze']),
  assignedBy: z.enum(['account', 'permissions']),
  timeZone: z.string(),
  files: z.array(z.string()).describe('Persons, then roles.'),
  destination: z.string(),
});

const latest = {
  at: Time.nullable().describe('When this was looked at; null: not yet.'),
  computing: z.boolean().describe('Whether newer is on its way; ask again in a few seconds.'),
  failed: z.string().nullable().describe('Why it could not be done.'),
};

const Step = z
  .strictObject({ name: z.string(), state: z.enum(['ok', 'warning', 'failed', 'not tried']), says: z.string() })
  .describe('One thing the doctor looked at.') satisfies z.ZodType<StepOf>;

const waiting = z.strictObject({
  runs: z.array(z.strictObject({ id, state, trigger, dueAt, reasons, retryAt })).describe('Held, blocked or failed.'),
  usernames: z.strictObject({
    total: Count,
    first: z
      .array(z.strictObject({ reference: z.string(), before: z.string(), after: z.string() }))
      .describe('20 at most.'),
  }),
  findings: z.strictObject({
    run: Count.nullable().describe('The newest run that was rendered; null: none yet.'),
    unseen: Count,
    total: Count,
  }),
  access: z
    .strictObject({
      run: Count.nullable().describe('The newest run that was rendered; null: none yet.'),
      kinds: z.array(
        z.strictObject({
          code: z.enum(accessCodes),
          count: Count,
          since: Time,
          found: z.array(Time).describe('The runs that found some of them first.'),
          accepted: Accepted.nullable().describe('Null: nobody accepted this kind, or only up to a day that is over.'),
        }),
      ),
    })
    .describe('Findings which mean that somebody has access, and should perhaps not.') satisfies z.ZodType<KeptAccess>,
});

export const overviewAnswers = {
  Overview: z
    .strictObject({
      me: z
        .strictObject({ name: z.string(), scope: z.enum(['viewer', 'operator']) })
        .describe('The key that was used.'),
      now: Time,
      version: z.string(),
      settings,
      paused: runAnswers.PauseState.shape.paused,
      nextDueAt: Time.nullable(),
      lastDelivered: z
        .strictObject({ id, at: Time.nullable(), dueAt, trigger, persons: Active, roles: Rows, effect })
        .nullable(),
      current: z
        .strictObject({
          ...{ id, trigger, state },
          phase: z
            .enum(['replacing', 'sending', 'rendering', 'waiting', 'paused'])
            .describe('`paused`: ready, and kept here until somebody resumes.'),
          ...{ dueAt, createdAt, startedAt },
        })
        .nullable()
        .describe('The run that is under way, or waits to be.'),
      health: z.strictObject({ status: z.enum(['ok', 'unhealthy']), reasons: z.array(Reason) }),
      waiting,
      guards: z
        .strictObject({
          days: Count,
          runs: Count.describe('Runs of these days that were compared with what was delivered before.'),
          tripped: z.strictObject(
            Object.fromEntries(guardNames.map((name) => [name, Count])) as Record<GuardName, typeof Count>,
          ),
        })
        .describe('In how many runs each guard, with the limits of now, would have held.'),
      accounts: z.strictObject({ enabled: Count, disabled: Count }),
      roles: Count,
      helloId: z.strictObject({ lastCall: Time.nullable(), everCreated: z.boolean() }),
      backup: z.strictObject({ at: Time }).nullable().describe('The newest backup that lies here.'),
      unknownKeys: z
        .strictObject({ calls: Count, lastAt: Time.nullable() })
        .describe('Calls of the last seven days with a key that is not known here.'),
    })
    .describe('How things are at this moment.'),
  Statistics: z
    .strictObject({
      timeZone: z.string(),
      from: Day,
      to: Day,
      deliveries: z.array(z.strictObject({ run: Count, at: Time, day: Day, persons: Active, roles: Rows })),
      actions: z.array(z.strictObject({ day: Day, kinds: z.record(z.string(), Count) })),
    })
    .describe('Deliveries, and actions by day and kind, oldest first; days without actions are left out.'),
  TakeOver: z
    .strictObject({
      takeOver: z
        .strictObject({
          at: Time,
          by: z.string().describe('Who took over last.'),
          leavers: z.enum(['passive', 'absent']),
          asks: Count.describe('People who were left out until a person decides.'),
          closed: z.strictObject({ at: Time, by: z.string() }).nullable(),
          of: Count.describe('People who were taken over and are here still.'),
          untouched: Count.describe('Those of whom HelloID has not called since.'),
        })
        .nullable(),
      people: z.array(
        z.strictObject({ reference: z.string(), externalId: z.string(), username: z.string(), takenOverAt: Time }),
      ),
    })
    .describe('The take-over from the earlier connector.'),
  Preview: z
    .strictObject({
      ...latest,
      preview: z
        .strictObject({
          ...runAnswers.RunPreview.shape,
          effect: runAnswers.RunPreview.shape.effect.partial({ who: true }),
          findingCount: Count,
        })
        .nullable(),
    })
    .describe('What a run would be, as it was found last.'),
  Checks: z.strictObject({ ...latest, steps: z.array(Step).nullable() }).describe('What the doctor found.'),
  Keys: z
    .strictObject({
      keys: z.array(
        z.strictObject({
          name: z.string(),
          scope: z.enum(scopes),
          createdAt: Time.nullable(),
          lastUsedAt: Time.nullable().describe('To the minute; null: not known to have been used.'),
          fixed: z.boolean().describe('From the environment, not from keys.json.'),
        }),
      ),
    })
    .describe('Which keys there are; never a key itself.'),
  Backups: z
    .strictObject({
      backups: z.array(z.strictObject({ name: z.string(), at: Time, bytes: Count })),
      failure: z.strictObject({ at: Time, message: z.string() }).nullable().describe('Why the last one failed.'),
      offMachine: z.boolean().describe('Whether copies go to Azure Blob Storage.'),
    })
    .describe('The backups that lie here, newest first.'),
};
