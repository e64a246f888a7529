/** Runs in a worker thread: to check a large database takes seconds, in which the server answers. */
import { answerTask } from '../worker-task.ts';
import { checkDatabase } from './database.ts';

await answerTask(({ dataDir }: { dataDir: string }) => checkDatabase(dataDir));
