import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { folderDelivery } from '../delivery/folder.ts';
import { lostShare, type Outbox } from '../delivery/outbox-share.ts';
import { withProbes } from './probe.ts';
import { failed, ok, sayingOf, type Step } from './step.ts';

/** Delivers a file to the folder as a dump is delivered, twice because a dump replaces the one before, and removes it; nothing where a share is not mounted. */
export async function checkFolder({ directory, dataDir }: Outbox, lastPlace: string | null): Promise<Step> {
  const name = 'delivery folder';
  const fault = await lostShare({ directory, dataDir }, lastPlace ?? undefined);
  if (fault !== undefined) return failed(name, fault);
  const { deliver } = folderDelivery(directory);
  const missing = missingFolders(directory);
  return withProbes(async (id, files) => {
    const [{ name: fileName }] = files;
    try {
      for (const file of files) await deliver({ id, files: [file] });
      await rm(join(directory, fileName));
      return ok(name, `written, renamed, replaced and cleaned up in ${directory}`);
    } catch (error) {
      await rm(join(directory, fileName), { force: true }).catch(() => undefined);
      return failed(name, sayingOf(error));
    } finally {
      for (const folder of missing) await rmdir(folder).catch(() => undefined); // the first start makes them, as its own user
    }
  });
}

/** The folder and those above it that are not there, the deepest first. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [folder, ...missingFolders(dirname(folder))];
}
