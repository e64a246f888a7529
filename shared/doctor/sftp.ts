import { posix } from 'node:path';
import { type Attempt, beforeDeadline } from '../delivery/deadline.ts';
import type { LocalFile } from '../delivery/delivery.ts';
import { connecting, failed as failure, quote, tooLate } from '../delivery/sftp-errors.ts';
import { nothingShown, type Shown } from '../delivery/sftp-login.ts';
import { likenessAt } from '../delivery/sftp-look.ts';
import { giveFinalName } from '../delivery/sftp-rename.ts';
import { openSession, type Session } from '../delivery/sftp-session.ts';
import { hasStatus, isStatus, isUnsupported, statAt, status } from '../delivery/sftp-status.ts';
import { sendProven } from '../delivery/sftp-upload.ts';
import type { Parcel, SftpSettings } from '../delivery/sftp.ts';
import { withProbes } from './probe.ts';
import { failed, notTried, ok, sayingOf, type Step } from './step.ts';

const names = ['reach', 'host key', 'login', 'folder', 'write', 'rename', 'read back', 'clean up'] as const;
type Name = (typeof names)[number];

// Nobody waits for a doctor as long as a large delivery may take.
const longestSeconds = 30;

/** Goes the way of a delivery step by step, with small files of its own; what comes behind a failing step is not tried. */
export async function checkSftp(given: SftpSettings): Promise<Step[]> {
  const settings = { ...given, deadlineSeconds: Math.min(given.deadlineSeconds, longestSeconds) };
  const steps = new Map<Name, Step>();
  const shown = nothingShown();
  let doing = (): string => connecting;
  try {
    await beforeDeadline(
      settings.deadlineSeconds,
      (what) => tooLate(settings, what),
      (attempt) => {
        doing = () => attempt.doing;
        return climb(settings, attempt, shown, steps);
      },
    );
  } catch (error) {
    if (doing() !== connecting) tellEntry(settings, shown, steps);
    const at = names.find((name) => !steps.has(name)) ?? 'clean up';
    steps.set(at, failed(titleOf(at), said(settings, error)));
  }
  return names.map((name) => steps.get(name) ?? notTried(titleOf(name), 'a step before it failed'));
}

/** Notes each step that went well, and throws at the first that did not. */
async function climb(settings: SftpSettings, attempt: Attempt, shown: Shown, steps: Map<Name, Step>): Promise<void> {
  const well: Well = (name, says) => void steps.set(name, ok(titleOf(name), says));
  // Reading back is a step of its own here.
  const session = await openSession({ ...settings, verify: 'size' }, attempt, shown);
  try {
    tellEntry(settings, shown, steps);
    well('login', 'taken');
    await withProbes(async (_id, files) => {
      const parcels = files.map((file) => parcelOf(file, settings));
      try {
        await lookAtFolder(session, well);
        await sendAndRename(session, parcels, well);
        await readBack(session, parcels, settings, well);
      } finally {
        const cleaned = await cleanUp(session, parcels);
        if (cleaned) steps.set('clean up', cleaned);
      }
    });
  } finally {
    await session.end();
  }
}

type Well = (name: Name, says: string) => void;

/** What is known of the server once it has answered, whether it let us in or not. */
function tellEntry({ host, port }: SftpSettings, { hostKey }: Shown, steps: Map<Name, Step>): void {
  steps.set('reach', ok(titleOf('reach'), `${host}:${port} answers`));
  if (!hostKey?.pinned) return;
  steps.set('host key', ok(titleOf('host key'), `${hostKey.fingerprint} (${quote(hostKey.type)}), as pinned`));
}

async function lookAtFolder(session: Session, well: Well): Promise<void> {
  const { settings } = session;
  const { directory } = settings;
  const found = await statAt(session, directory).catch((error: unknown) => {
    if (isStatus(error)) return 'not told' as const;
    throw error;
  });
  if (found === 'not told') {
    well('folder', `${directory}; the server does not tell whether it is there`);
    return;
  }
  if (!found) throw failure(settings, `has no folder ${directory} for this user. Check SFTP_DIRECTORY.`);
  if (!found.isDirectory()) throw failure(settings, `has a file where SFTP_DIRECTORY says ${directory}. Check it.`);
  well('folder', directory);
}

/** Twice to one name, because each dump replaces the one before. */
async function sendAndRename(session: Session, [first, second]: Parcel[], well: Well): Promise<void> {
  if (!first || !second) throw new Error('two files are needed to replace one');
  await sendProven(session, first);
  await sendProven(session, second);
  well('write', `${first.file.bytes + second.file.bytes} bytes in two files`);
  for (const parcel of [first, second]) await giveFinalName(session, parcel);
  well('rename', await renameSaying(session, second));
}

async function renameSaying(session: Session, { target }: Parcel): Promise<string> {
  const how = session.settings.rename;
  if (how === 'none') return 'not used: delivery.rename is "none", files are written in place';
  if (how !== 'posix') return `a file was replaced, as delivery.rename says: "${how}"`;
  if (await hasPosixRename(session, target)) return 'a file was replaced in one step (posix-rename)';
  return 'the server has no posix-rename; its plain rename replaced a file';
}

/** Asks for the rename of a file that is not there: only a server that knows the request can say so. */
async function hasPosixRename(session: Session, target: string): Promise<boolean> {
  try {
    await session.request((sftp, done) => sftp.ext_openssh_rename(`${target}.missing`, `${target}.missing2`, done));
    return true;
  } catch (error) {
    if (isUnsupported(error)) return false;
    if (isStatus(error)) return true;
    throw error;
  }
}

async function readBack(session: Session, [, second]: Parcel[], { verify }: SftpSettings, well: Well): Promise<void> {
  if (!second) return;
  const strict: Session = { ...session, settings: { ...session.settings, verify: 'content' } };
  try {
    if ((await likenessAt(strict, second.target, second.file)) !== 'same')
      throw failure(session.settings, 'gives back something else than was sent. Ask the provider.');
  } catch (error) {
    if (verify === 'content') throw error;
    well('read back', `not allowed or not right; not needed, because delivery.verify is "${verify}"`);
    return;
  }
  well('read back', 'the same content');
}

/** Removes what may have come to be; nothing to tell where nothing was sent. */
async function cleanUp(session: Session, parcels: readonly Parcel[]): Promise<Step | undefined> {
  if (parcels.every(({ state }) => state === 'here')) return undefined;
  const paths = new Set(parcels.flatMap(({ temporary, target }) => [temporary, target]));
  try {
    for (const path of paths) {
      await session
        .request((sftp, done) => sftp.unlink(path, done))
        .catch((error: unknown) => {
          if (!hasStatus(error, status.NO_SUCH_FILE)) throw error;
        });
    }
    return ok(titleOf('clean up'), 'nothing is left there');
  } catch (error) {
    const left = posix.basename(parcels[0]?.target ?? '');
    return failed(
      titleOf('clean up'),
      `${said(session.settings, error)} Remove ${left} and ${left}.*.partial there by hand.`,
    );
  }
}

function parcelOf(file: LocalFile, { directory, rename }: SftpSettings): Parcel {
  const target = posix.join(directory, file.name);
  const temporary = rename === 'none' ? target : `${target}.${posix.basename(file.path)}.partial`;
  return { file, temporary, target, state: 'here' };
}

function titleOf(name: Name): string {
  return `SFTP ${name}`;
}

function said(settings: SftpSettings, error: unknown): string {
  if (isStatus(error)) return failure(settings, `answered “${quote(error.message)}”.`).message;
  return sayingOf(error);
}
