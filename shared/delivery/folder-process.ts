/** Runs in a process of its own, because whatever touches a share may never return. */
import { answerApart, type Ask } from '../apart-task.ts';
import { checkFolder } from '../doctor/folder.ts';
import type { Step } from '../doctor/step.ts';
import type { KnownFile, Lying, Look, Outcome, Shipment } from './delivery.ts';
import { onSameShare, outboxFolder, type Outbox } from './outbox-share.ts';
import { digestsIn, removeFrom, type Digest } from './outbox-files.ts';

/** What is asked of it, with the fact `outbox-place` as it was. */
export type FolderTask = { outbox: Outbox; lastPlace: string | undefined } & (
  | { work: 'deliver' | 'finish'; shipment: Shipment; known: readonly KnownFile[] | undefined }
  | { work: 'existing'; names: readonly string[] }
  | { work: 'check' }
  | { work: 'digests' }
  | { work: 'remove'; names: readonly string[] }
);

export type FolderResult = undefined | Outcome | string[] | Step | Digest[];

answerApart(async (task: FolderTask, ask: Ask): Promise<FolderResult> => {
  const { outbox, work } = task;
  let place = task.lastPlace;
  const facts = {
    get: () => place,
    set: async (values: Partial<Record<'outbox-place', string | null>>) => {
      place = values['outbox-place'] ?? undefined;
      await ask('remember', place);
    },
  };
  const delivery = onSameShare(outboxFolder(outbox), outbox, facts);
  if (work === 'check') return checkFolder(outbox, place ?? null);
  if (work === 'digests') return digestsIn(outbox.directory);
  if (work === 'existing') return delivery.existing(task.names);
  if (work === 'remove') {
    await removeFrom(outbox.directory, task.names);
    return undefined;
  }
  const { shipment, known } = task;
  const look: Look | undefined = known && { known, judge: (lying: Lying[]) => ask('judge', lying) };
  if (work === 'finish') return delivery.finish(shipment, look);
  await delivery.deliver(shipment, () => ask('proven', null), look);
  return undefined;
});
