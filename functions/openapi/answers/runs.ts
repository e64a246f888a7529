import { z } from 'zod';
import type { Pause } from '../../../shared/daily/decisions.ts';
import type { Affected as AffectedOf, Effect as EffectOf } from '../../../shared/domain/effect.ts';
import { accessCodes } from '../../../shared/domain/kept-access.ts';
import {
  runStates,
  type FreshFinding,
  type Run as RunOf,
  type ShownFinding as ShownFindingOf,
} from '../../../shared/domain/run.ts';
import { Count, Next, Time } from './values.ts';

const DumpFile = z
  .strictObject({
    name: z.string(),
    rows: Count.describe('Without the header.'),
    bytes: Count,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  })
  .describe('A rendered file.');
const freshFinding = {
  code: z.string(),
  reference: z.string().nullable().describe('Null for a finding about nobody in particular.'),
  message: z.string(),
};
const finding = { ...freshFinding, since: Time.describe('The first dump in a row that found it.') };
const Finding = z.strictObject(finding).describe('Deserves a look, and holds nothing by itself.');
const ShownFinding = z
  .strictObject({ ...finding, seen: z.strictObject({ at: Time, by: z.string() }).nullable() })
  .describe('A finding, and who has looked at it.') satisfies z.ZodType<ShownFindingOf>;
const decided = { at: Time, by: z.string(), reason: z.string() };
const Attempt = z
  .strictObject({
    number: Count,
    startedAt: Time,
    renamingAt: Time.nullable().describe('When both temporaries were proven.'),
    finishedAt: Time.nullable(),
    error: z.string().nullable(),
  })
  .describe('One attempt to deliver.');

const effect = {
  persons: z.strictObject({
    total: Count,
    added: Count,
    reactivated: Count,
    deactivated: Count,
    changed: Count,
    renamed: Count,
  }),
  roles: z.strictObject({ total: Count, added: Count, removed: Count }),
};
const Effect = z
  .strictObject(effect)
  .describe(
    'What Spend Cloud will do with the dump, compared with the last delivered one.',
  ) satisfies z.ZodType<EffectOf>;

const person = { reference: z.string().nullable().describe('Null: not managed by HelloID.'), key: z.string() };
const AffectedPerson = z.strictObject(person);
const AffectedRole = z.strictObject({ ...person, role: z.record(z.string(), z.string()) });
const Change = z.strictObject({ column: z.string(), before: z.string(), after: z.string() });
const Affected = z
  .strictObject({
    added: z.array(AffectedPerson),
    reactivated: z.array(AffectedPerson),
    deactivated: z.array(AffectedPerson),
    changed: z.array(z.strictObject({ ...person, changes: z.array(Change) })),
    renamed: z.array(z.strictObject({ reference: person.reference, before: z.string(), after: z.string() })),
    rolesAdded: z.array(AffectedRole),
    rolesRemoved: z.array(AffectedRole),
  })
  .describe('Who is behind the numbers; each list holds 1000 at most.') satisfies z.ZodType<AffectedOf>;

const run = {
  id: Count,
  dueAt: Time.nullable().describe('Null for a run asked for by hand.'),
  trigger: z.enum(['schedule', 'manual']),
  state: z.enum(runStates),
  destination: z.string().nullable(),
  createdAt: Time,
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
  files: z.array(DumpFile),
  effect: Effect.nullable(),
  findings: z.array(Finding),
  reasons: z.array(z.string()).describe('Why it is held, blocked or failed, for people.'),
  decisions: z.array(
    z.strictObject({ decision: z.enum(['release', 'discard', 'retry', 'pause', 'resume']), ...decided }),
  ),
  retryAt: Time.nullable().describe('When a failed run goes on by itself; null: once a person says so.'),
  attempts: z.array(Attempt),
};
const Run = z.strictObject(run).describe('One dump and its delivery.') satisfies z.ZodType<RunOf>;

/** Runs and pauses, tied to what the domain says they are. */
/** A kind of finding that a person accepted, up to and with a day. */
export const Accepted = z.strictObject({ until: z.iso.date(), at: Time, by: z.string(), reason: z.string() });

export const runAnswers = {
  DumpFile,
  Finding,
  ShownFinding,
  Attempt,
  Affected,
  Run,
  RunPage: z.strictObject({ exports: z.array(Run), next: Next }).describe('A page of runs, newest first.'),
  RunDetail: z
    .strictObject({
      ...run,
      findings: z.array(ShownFinding).describe('Those that nobody has looked at come first.'),
      effect: z.strictObject({ ...effect, who: Affected.nullable() }).nullable(),
    })
    .describe('One run, with the people behind the numbers of its effect.'),
  RunPreview: z
    .strictObject({
      dryRun: z.literal(true),
      becomes: z.enum(['delivered', 'held', 'blocked']),
      files: z.array(DumpFile),
      effect: z.strictObject({ ...effect, who: Affected }),
      findings: z.array(z.strictObject(freshFinding) satisfies z.ZodType<FreshFinding>),
      reasons: z.array(z.string()),
    })
    .describe('What a run would be now; nothing was written or sent.'),
  FindingSeen: z
    .strictObject({ code: z.string(), reference: z.string().nullable(), message: z.string(), seenBy: z.string() })
    .describe('The finding that was looked at.'),
  FindingAccepted: z
    .strictObject({ code: z.enum(accessCodes), accepted: Accepted })
    .describe('The kind that was accepted, and until when.'),
  AlsoAccepted: z.strictObject({ username: z.string() }).describe('The line that may give access.'),
  PauseState: z
    .strictObject({ paused: (z.strictObject(decided) satisfies z.ZodType<Pause>).nullable() })
    .describe('Since when, by whom and why no delivery is made; null: deliveries are made.'),
};
