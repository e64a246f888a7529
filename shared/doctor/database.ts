import { join } from 'node:path';
import { inspectDatabase, type Inspection } from '../store/inspect.ts';
import { newestVersion } from '../store/migrations.ts';
import { failed, ok, sayingOf, type Step } from './step.ts';

const name = 'database';

export interface DatabaseCheck {
  step: Step;
  found: Inspection | undefined;
}

/** Opens the database to read, and has it checked. */
export function checkDatabase(dataDir: string): DatabaseCheck {
  try {
    const found = inspectDatabase(dataDir);
    return { found, step: found ? judge(found) : ok(name, 'not there yet; the first start makes it') };
  } catch (error) {
    const says = `${join(dataDir, 'spendcloud.db')} cannot be read (${sayingOf(error)}). Check the rights, or restore a backup`;
    return { found: undefined, step: failed(name, says) };
  }
}

function judge({ version, journal, faults, foreign }: Inspection): Step {
  if (faults.length > 0)
    return failed(name, `It is damaged: ${faults[0] ?? ''}. Stop the connector and restore a backup`);
  if (version > newestVersion) {
    return failed(
      name,
      `It is of version ${version}, this release knows up to ${newestVersion}. Install the newer release`,
    );
  }
  if (foreign.length > 0) {
    const what = foreign.slice(0, 5).join(', ');
    return failed(
      name,
      `It is not as this connector made it: ${what}. Somebody changed it, and what is written may be undone; stop the connector, keep a copy, and restore a backup from before that`,
    );
  }
  const behind = version < newestVersion ? `; the next start brings it to ${newestVersion}` : '';
  return ok(name, `sound, version ${version}${behind}, journal ${journal}`);
}
