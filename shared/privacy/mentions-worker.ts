/** Runs in a worker thread: a million entries take seconds to look through. */
import { findMentions } from '../store/mentions.ts';
import { openReading } from '../store/open.ts';
import { answerTask } from '../worker-task.ts';
import type { MentionsTask } from './find-mentions.ts';

await answerTask(({ databasePath, references, names, lastNames, called }: MentionsTask) => {
  const db = openReading(databasePath);
  try {
    const sets = { references: new Set(references), names: new Set(names), lastNames: new Set(lastNames) };
    return findMentions(db, { ...sets, called });
  } finally {
    db.close();
  }
});
