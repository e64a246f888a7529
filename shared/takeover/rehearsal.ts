import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp, type App } from '../app.ts';
import { writeTo } from '../backup/make-backup.ts';
import { unpack } from '../backup/unpack.ts';
import type { Config } from '../config.ts';
import { silent } from '../log.ts';
import { quietly } from '../progress.ts';
import { databasePath } from '../store/open.ts';

/** Works on a copy of the data folder's database, or on an empty one, that is gone afterwards; the data folder stays untouched. */
export async function rehearse<Result>(config: Config, work: (app: App) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-adopt-'));
  try {
    await copyDatabase(config.dataDir, folder);
    const app = await openApp({ ...config, dataDir: folder, keys: [], notify: nobody, backup: null }, { log: silent });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nobody = { webhookUrl: null, smtpUrl: null, email: null };

async function copyDatabase(dataDir: string, folder: string): Promise<void> {
  const source = databasePath(dataDir);
  if (!existsSync(source)) return;
  const erasureKey = join(dataDir, 'erasure.key');
  if (existsSync(erasureKey)) copyFileSync(erasureKey, join(folder, 'erasure.key'));
  // even a reader leaves files beside a database in WAL mode, and where nobody works with it a copy is whole
  if (usesWal(source) && !existsSync(`${source}-wal`)) {
    copyFileSync(source, databasePath(folder));
    return;
  }
  const backup = join(folder, 'copy.db.gz');
  await writeTo(source, backup);
  await unpack(backup, databasePath(folder), quietly);
  rmSync(backup);
}

// Bytes 18 and 19 of the header are the versions needed to write and to read: 2 is WAL.
function usesWal(path: string): boolean {
  const header = Buffer.alloc(20);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, header);
  } finally {
    closeSync(descriptor);
  }
  return header[18] === 2 && header[19] === 2;
}
