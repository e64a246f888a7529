/** Runs in a worker thread: copying and compressing a large database takes a while, in which the server answers. */
import { answerTask } from '../worker-task.ts';
import { writeBackup, type BackupTask } from './write-backup.ts';

await answerTask((task: BackupTask, progress) => writeBackup(task, progress));
