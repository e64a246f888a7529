import type { Stats } from 'node:fs';
import { lstat, open, readdir, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join, posix } from 'node:path';
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';

const { STATUS_CODE: status, flagsToString } = ssh2.utils.sftp;

/** Clients read some 32 KiB at a time. */
const largestRead = 256 * 1024;

type Opened = { kind: 'file'; file: FileHandle } | { kind: 'folder'; entries: FileEntry[] };

/**
 * Answers one SFTP session from a folder, which the client sees as `/`. A rename replaces what is there, as on many servers: ssh2
 * cannot advertise OpenSSH's extensions. It refuses what has no answer here (folders to make or remove, links, modes) as unsupported.
 */
export function serveFiles(sftp: SFTPWrapper, folder: string): void {
  const handles = handleTable();
  const here = (path: string) => join(folder, posix.join('/', path));

  /** Does what one request asks; says so when it cannot be done. */
  function answer(request: number, work: () => Promise<void> | void): void {
    Promise.resolve()
      .then(work)
      .catch((error: unknown) => sftp.status(request, statusOf(error)));
  }

  /** The same for a request whose answer is that it was done. */
  function acknowledge(request: number, work: () => Promise<unknown>): void {
    answer(request, async () => {
      await work();
      sftp.status(request, status.OK);
    });
  }

  sftp.on('OPEN', (request, path, flags) =>
    answer(request, async () => {
      const file = await open(here(path), flagsToString(flags) ?? 'unknown', 0o600);
      sftp.handle(request, handles.add({ kind: 'file', file }));
    }),
  );
  sftp.on('READ', (request, handle, offset, length) =>
    answer(request, async () => {
      const { buffer, bytesRead } = await handles
        .file(handle)
        .read(Buffer.alloc(Math.min(length, largestRead)), { position: offset });
      if (bytesRead === 0) sftp.status(request, status.EOF);
      else sftp.data(request, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on('WRITE', (request, handle, offset, data) =>
    acknowledge(request, () => handles.file(handle).write(data, 0, data.length, offset)),
  );
  sftp.on('CLOSE', (request, handle) => acknowledge(request, () => handles.remove(handle)));

  sftp.on('STAT', (request, path) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await stat(here(path))))),
  );
  sftp.on('LSTAT', (request, path) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await lstat(here(path))))),
  );
  sftp.on('FSTAT', (request, handle) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await handles.file(handle).stat()))),
  );

  sftp.on('OPENDIR', (request, path) =>
    answer(request, async () =>
      sftp.handle(request, handles.add({ kind: 'folder', entries: await entriesOf(here(path)) })),
    ),
  );
  sftp.on('READDIR', (request, handle) =>
    answer(request, () => {
      const some = handles.entries(handle).splice(0, 100);
      if (some.length === 0) sftp.status(request, status.EOF);
      else sftp.name(request, some);
    }),
  );
  sftp.on('REALPATH', (request, path) =>
    sftp.name(request, [{ filename: posix.join('/', path), longname: '', attrs: noAttributes }]),
  );
  sftp.on('RENAME', (request, from, to) => acknowledge(request, () => rename(here(from), here(to))));
  sftp.on('REMOVE', (request, path) => acknowledge(request, () => unlink(here(path))));
  sftp.on('end', () => sftp.end()); // OpenSSH's client has nothing more to ask, and waits for this
  sftp.on('close', () => void handles.clear());
}

/** What a session has open, by the handles that its client was given. */
function handleTable() {
  const opened = new Map<number, Opened>();
  let last = 0;

  function find(handle: Buffer): Opened {
    const found = handle.length === 4 ? opened.get(handle.readUInt32BE()) : undefined;
    if (!found) throw new Error('This handle was not given out, or is closed');
    return found;
  }

  return {
    add(entry: Opened): Buffer {
      opened.set(++last, entry);
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(last);
      return handle;
    },
    file(handle: Buffer): FileHandle {
      const entry = find(handle);
      if (entry.kind !== 'file') throw new Error('This is a folder');
      return entry.file;
    },
    entries(handle: Buffer): FileEntry[] {
      const entry = find(handle);
      if (entry.kind !== 'folder') throw new Error('This is a file');
      return entry.entries;
    },
    async remove(handle: Buffer): Promise<void> {
      const entry = find(handle);
      opened.delete(handle.readUInt32BE());
      if (entry.kind === 'file') await entry.file.close();
    },
    async clear(): Promise<void> {
      const left = [...opened.values()];
      opened.clear();
      for (const entry of left) if (entry.kind === 'file') await entry.file.close().catch(() => undefined);
    },
  };
}

async function entriesOf(folder: string): Promise<FileEntry[]> {
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => {
      const stats = await lstat(join(folder, name));
      const kind = stats.isDirectory() ? 'd' : '-'; // where clients read from a listing what an entry is
      return { filename: name, longname: `${kind}rw------- 1 - - ${stats.size} ${name}`, attrs: attributesOf(stats) };
    }),
  );
}

function attributesOf({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}

const noAttributes = {} as Attributes;

function statusOf(error: unknown): number {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return status.NO_SUCH_FILE;
  return code === 'EACCES' || code === 'EPERM' ? status.PERMISSION_DENIED : status.FAILURE;
}
