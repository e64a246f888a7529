import { extname } from 'node:path';
import { inProcess } from '../apart.ts';
import { checkFolder } from '../doctor/folder.ts';
import { failed, type Step } from '../doctor/step.ts';
import { AppError } from '../errors.ts';
import type { Facts } from '../store/facts.ts';
import type { Delivery, Look, Outcome, Shipment } from './delivery.ts';
import type { FolderResult, FolderTask } from './folder-process.ts';
import { mayHang } from './may-hang.ts';
import { digestsIn, removeFrom, type Digest } from './outbox-files.ts';
import { onSameShare, outboxFolder, type Outbox } from './outbox-share.ts';

// What is not a delivery is small, and somebody or other work waits for it.
const longestSmallSeconds = 30;
// All that lies there is read.
const digestSeconds = 300;

type Work<Task = FolderTask> = Task extends FolderTask ? Omit<Task, 'outbox' | 'lastPlace'> : never;

/** Delivers to a folder; where that may be a share, in another process, which is left behind when it hangs. */
export function outboxDelivery(outbox: Outbox, deadlineSeconds: number, facts: Pick<Facts, 'get' | 'set'>): Delivery {
  const here = onSameShare(outboxFolder(outbox), outbox, facts);

  async function apart(work: 'deliver' | 'finish', shipment: Shipment, look?: Look, proven?: () => Promise<void>) {
    let isProven = work === 'finish';
    const answers = {
      remember: (place: string | undefined) => facts.set({ 'outbox-place': place ?? null }),
      judge: (lying: Parameters<Look['judge']>[0]) => look?.judge(lying),
      proven: async () => {
        await proven?.();
        isProven = true;
      },
    };
    const task = { outbox, lastPlace: facts.get('outbox-place'), work, shipment, known: look?.known };
    return ask(task, { seconds: deadlineSeconds, isUnknown: () => isProven, answers });
  }

  const { kind, describe } = here;
  return {
    kind,
    describe,
    deliver: async (shipment, proven, look) => {
      if (!mayHang(outbox)) return here.deliver(shipment, proven, look);
      await apart('deliver', shipment, look, proven);
    },
    finish: async (shipment, look) => {
      if (!mayHang(outbox)) return here.finish(shipment, look);
      return (await apart('finish', shipment, look)) as Outcome;
    },
    existing: async (names) =>
      mayHang(outbox)
        ? ((await brief(outbox, { work: 'existing', names }, { deadlineSeconds })) as string[])
        : here.existing(names),
  };
}

/** The doctor's look at a delivery folder, which ends also where the share hangs. */
export async function examineOutbox(outbox: Outbox, lastPlace: string | null, deadlineSeconds: number): Promise<Step> {
  if (!mayHang(outbox)) return checkFolder(outbox, lastPlace);
  try {
    return (await brief(outbox, { work: 'check' }, { lastPlace, deadlineSeconds })) as Step;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return failed('delivery folder', error.message);
  }
}

/** What the files of a delivery folder hold. */
export async function outboxDigests(outbox: Outbox): Promise<Digest[]> {
  if (!mayHang(outbox)) return digestsIn(outbox.directory);
  return (await ask(
    { outbox, lastPlace: undefined, work: 'digests' },
    { seconds: digestSeconds, isUnknown: () => false },
  )) as Digest[];
}

export async function removeFromOutbox(outbox: Outbox, names: readonly string[]): Promise<void> {
  if (mayHang(outbox)) await brief(outbox, { work: 'remove', names });
  else await removeFrom(outbox.directory, names);
}

interface Terms {
  lastPlace?: string | null;
  deadlineSeconds?: number;
}

function brief(
  outbox: Outbox,
  work: Work,
  { lastPlace = null, deadlineSeconds = longestSmallSeconds }: Terms = {},
): Promise<FolderResult> {
  const seconds = Math.min(deadlineSeconds, longestSmallSeconds);
  return ask({ outbox, lastPlace: lastPlace ?? undefined, ...work }, { seconds, isUnknown: () => false });
}

interface Asked {
  seconds: number;
  /** Whether a rename may have been asked for. */
  isUnknown(): boolean;
  answers?: Parameters<typeof inProcess>[2]['answers'];
}

function ask(task: FolderTask, { seconds, isUnknown, answers = {} }: Asked): Promise<FolderResult> {
  const file = new URL(`./folder-process${extname(import.meta.url)}`, import.meta.url);
  const tooLate = () =>
    new AppError(
      isUnknown() ? 'delivery-unknown' : 'delivery-failed',
      `The folder ${task.outbox.directory} did not answer within ${seconds} seconds. See whether the server of its share is there, and mount it again.`,
    );
  return inProcess<FolderResult>(file, task, { about: task.outbox.directory, seconds, tooLate, answers });
}
