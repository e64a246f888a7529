import type { KnownFile, Lying } from './delivery.ts';
import { contentAt, entryOf, fileAt, listing, type FarFile } from './sftp-look.ts';
import type { Session } from './sftp-session.ts';
import { hasStatus, isStatus, status } from './sftp-status.ts';
import type { Parcel } from './sftp.ts';

/** What lies under the final names: one listing, and content only where the size is that of a known file. */
export async function lyingUnder(
  session: Session,
  parcels: readonly Parcel[],
  known: readonly KnownFile[],
): Promise<Lying[]> {
  const { verify, rename, directory } = session.settings;
  const entries = verify === 'none' ? undefined : await listing(session, directory);
  const lying: Lying[] = [];
  for (const { target, file } of parcels) {
    const { name } = file;
    const listed = entries === undefined ? 'unseen' : entryOf(entries, target);
    // a link leads to a file of another size
    const isTold = typeof listed === 'string' ? listed === 'gone' : listed.kind !== 'link';
    const found = isTold ? listed : await fileAt(session, target);
    const ofName = known.filter((one) => one.name === name);
    const what = await recognised(session, target, found, ofName);
    const isPart =
      rename === 'none' && what.what === 'other' && ofName.some((one) => one.begun && what.bytes < one.bytes);
    lying.push({ name, ...(isPart ? { what: 'nothing' } : what) });
  }
  return lying;
}

type What = Lying extends infer One ? (One extends Lying ? Omit<One, 'name'> : never) : never;

async function recognised(session: Session, path: string, found: FarFile, known: readonly KnownFile[]): Promise<What> {
  if (found === 'unseen') return { what: 'unseen' };
  if (found === 'gone' || found.kind === 'folder') return { what: 'nothing' }; // the rename meets a folder, and tells of it
  const { bytes: size, modifiedAt } = found;
  const other: What = { what: 'other', bytes: size, modifiedAt };
  const knownAs = (sha256: string[]): What => ({ what: 'known', sha256, bytes: size, modifiedAt });
  const fitting = known.filter(({ bytes }) => bytes === size).map(({ sha256 }) => sha256);
  if (fitting.length === 0) return other;
  if (session.settings.verify !== 'content') return knownAs(fitting);
  try {
    const { sha256 } = await contentAt(session, path, size);
    return fitting.includes(sha256) ? knownAs([sha256]) : other;
  } catch (error) {
    if (hasStatus(error, status.NO_SUCH_FILE)) return { what: 'nothing' };
    if (isStatus(error)) return { what: 'unseen' };
    throw error;
  }
}
