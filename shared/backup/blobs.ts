import { stat } from 'node:fs/promises';
import type { ContainerClient } from '@azure/storage-blob';
import { AppError } from '../errors.ts';
import type { Progress } from '../progress.ts';

/** Backups in a container of Azure Blob Storage. */
export interface BlobBackups {
  put(file: string, name: string, progress: Progress, signal?: AbortSignal): Promise<void>;
  list(): Promise<{ name: string; bytes: number }[]>;
  remove(name: string): Promise<void>;
  /** Writes a blob to a file; throws `not-found` where there is none of that name. */
  get(name: string, file: string, progress: Progress): Promise<void>;
  /** The content of a small one; throws `not-found` likewise. */
  read(name: string, signal?: AbortSignal): Promise<Buffer>;
}

export interface BlobSettings {
  /** A connection string: a secret. */
  connection: string;
  container: string;
}

// A block that was lost is sent again, not all of the backup.
const blockBytes = 8 * 1024 * 1024;
const retryOptions = { maxTries: 3, tryTimeoutInMs: 120_000, retryDelayInMs: 500, maxRetryDelayInMs: 5000 };

/** Connects at the first use; every failure is a sentence that names the setting and shows no secret. */
export function blobBackups(settings: BlobSettings): BlobBackups {
  let connected: Promise<ContainerClient> | undefined;
  const container = () => (connected ??= connect(settings));
  const doing = async <T>(work: (client: ContainerClient) => Promise<T>): Promise<T> => {
    try {
      return await work(await container());
    } catch (error) {
      throw blobError(error, settings.container);
    }
  };

  return {
    put: (file, name, progress, signal) =>
      doing(async (client) => {
        const blob = client.getBlockBlobClient(name);
        const { size } = await stat(file);
        const stopping = signal && { abortSignal: signal };
        await blob.uploadFile(file, {
          blockSize: blockBytes,
          maxSingleShotSize: blockBytes,
          onProgress: ({ loadedBytes }) => progress('uploading', loadedBytes, size),
          ...stopping,
        });
        const { contentLength } = await blob.getProperties(stopping);
        if (contentLength !== size)
          throw new AppError(
            'unavailable',
            `Azure holds ${contentLength ?? 0} bytes of ${name} instead of ${size}; make the backup again`,
          );
      }),
    list: () =>
      doing(async (client) => {
        const found: { name: string; bytes: number }[] = [];
        for await (const { name, properties } of client.listBlobsFlat({ prefix: 'spendcloud-' }))
          found.push({ name, bytes: properties.contentLength ?? 0 });
        return found;
      }),
    remove: (name) =>
      doing(async (client) => {
        await client.deleteBlob(name);
      }),
    get: (name, file, progress) =>
      doing(async (client) => {
        const blob = client.getBlobClient(name);
        const { contentLength = 0 } = await blob.getProperties();
        await blob.downloadToFile(file, 0, undefined, {
          onProgress: ({ loadedBytes }) => progress('downloading', loadedBytes, contentLength),
        });
      }),
    read: (name, signal) =>
      doing((client) => client.getBlobClient(name).downloadToBuffer(0, undefined, signal && { abortSignal: signal })),
  };
}

async function connect({ connection, container }: BlobSettings): Promise<ContainerClient> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  try {
    return BlobServiceClient.fromConnectionString(connection, { retryOptions }).getContainerClient(container);
  } catch {
    // no cause: its message may quote the string
    throw new AppError(
      'invalid-settings',
      'BACKUP_BLOB_CONNECTION is not a whole connection string; copy it anew from the storage account',
    );
  }
}

function blobError(error: unknown, container: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code = '', statusCode } = error as Error & { code?: string; statusCode?: number };
  const sentence = sentenceFor(code, statusCode, container);
  return sentence ? new AppError(...sentence) : error;
}

function sentenceFor(
  code: string,
  status: number | undefined,
  container: string,
): [AppError['code'], string] | undefined {
  if (code === 'ContainerNotFound')
    return [
      'unavailable',
      `There is no container [${container}] in that storage account; create it, or set BACKUP_BLOB_CONTAINER`,
    ];
  if (status === 404)
    return ['not-found', `There is no such backup in the container [${container}]; see: spendcloud backup --list`];
  if (status === 401 || status === 403)
    return [
      'unavailable',
      `Azure refused BACKUP_BLOB_CONNECTION (${code || status}); copy the connection string anew, and check its rights and the clock`,
    ];
  if (status !== undefined)
    return ['unavailable', `Azure answered ${status} (${code}) for the container [${container}]; try again later`];
  if (/^(E[A-Z]+|REQUEST_SEND_ERROR)$/.test(code))
    return [
      'unavailable',
      `The storage account of BACKUP_BLOB_CONNECTION cannot be reached (${code}); check its address and the network`,
    ];
  return undefined;
}
