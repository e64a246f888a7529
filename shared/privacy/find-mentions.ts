import { extname } from 'node:path';
import type { Mentions } from '../store/mentions.ts';
import type { Called, People } from '../store/run-erasure.ts';
import { inWorker } from '../worker.ts';

/** What the worker thread gets. */
export interface MentionsTask {
  databasePath: string;
  references: string[];
  names: string[];
  lastNames: string[];
  called: Called[];
}

/** Where these people are named besides in what is stored about themselves; found in a thread of its own. */
export function findMentions(databasePath: string, people: People, signal?: AbortSignal): Promise<Mentions> {
  const worker = new URL(`./mentions-worker${extname(import.meta.url)}`, import.meta.url);
  const task: MentionsTask = {
    databasePath,
    references: [...people.references],
    names: [...people.names],
    lastNames: [...people.lastNames],
    called: [...people.called],
  };
  return inWorker(worker, task, { signal });
}
