import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';

export interface Azurite {
  /** A connection string with the emulator's published key. */
  connection: string;
  /** A fresh container, and its name. */
  container(): Promise<ContainerClient>;
  stop(): void;
}

const main = fileURLToPath(new URL('../node_modules/azurite/dist/src/blob/main.js', import.meta.url));

/** The real emulator of Azure Blob Storage, in memory, on a free port of this machine. */
export async function startAzurite(): Promise<Azurite> {
  const options = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'];
  const child = spawn(process.execPath, [main, '--blobHost', '127.0.0.1', '--blobPort', '0', ...options]);
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error('Azurite did not start')));
  });
  const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
  const connection = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${key};BlobEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`;
  const service = BlobServiceClient.fromConnectionString(connection);
  return {
    connection,
    container: async () => (await service.createContainer(`test-${randomUUID()}`)).containerClient,
    stop: () => void child.kill('SIGKILL'),
  };
}
