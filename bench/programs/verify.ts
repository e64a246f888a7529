/** Walks along the trail as the product does, or reads the same rows in a bare loop with two hashes each. */
import { hash } from 'node:crypto';
import { built } from '../built.ts';
import { answer, orderOf } from './order.ts';

export interface VerifyProgramOrder {
  databasePath: string;
  how: 'product' | 'bare';
}

const { databasePath, how } = orderOf<VerifyProgramOrder>();
const { verifyAudit } = await built<typeof import('../../shared/verify-audit.ts')>('shared/verify-audit');
const { openReading } = await built<typeof import('../../shared/store/open.ts')>('shared/store/open');
const started = performance.now();
const entries = how === 'product' ? await walk() : readAll();
answer({ milliseconds: performance.now() - started, entries });

async function walk(): Promise<number> {
  const found = await verifyAudit({ databasePath, known: null });
  if (!found.ok) throw new Error(found.reason);
  return found.entries;
}

function readAll(): number {
  const db = openReading(databasePath);
  const rows = db
    .prepare<[], [number, string, string, number, string, string, string, string]>(
      `SELECT audit.entry, at, kind, account, digest, hash, salt, detail FROM audit LEFT JOIN audit_detail ON audit_detail.entry = audit.entry
       ORDER BY audit.entry`,
    )
    .raw();
  let [count, last] = [0, ''];
  for (const [entry, at, kind, account, digest, , salt, detail] of rows.iterate()) {
    hash('sha256', salt + detail);
    last = hash('sha256', `${last}${entry}${at}${kind}${account}${digest}`);
    count += 1;
  }
  db.close();
  return count;
}
