/** Runs in a worker thread: a million entries take seconds, in which the server answers. */
import { keptHeads } from './kept-heads.ts';
import { verifyFile, verifyState, verifyTrail } from './store/audit-verify.ts';
import type { VerifyTask } from './verify-audit.ts';
import { answerTask } from './worker-task.ts';

await answerTask(({ databasePath, part, known }: VerifyTask, progress) => {
  if (part === 'state') return verifyFile(databasePath) ?? verifyState(databasePath);
  const kept = keptHeads(databasePath); // before the trail is looked at: one that is kept meanwhile may be of an entry behind its end
  return verifyTrail(databasePath, known, progress, kept);
});
