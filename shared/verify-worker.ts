/** Runs in a worker thread: a million entries take seconds, in which the server answers. */
import { verifyFile, verifyTrail } from './store/audit-verify.ts';
import type { VerifyTask } from './verify-audit.ts';
import { answerTask } from './worker-task.ts';

await answerTask(({ databasePath, part, known }: VerifyTask, progress) =>
  part === 'file' ? verifyFile(databasePath) : verifyTrail(databasePath, known, progress),
);
