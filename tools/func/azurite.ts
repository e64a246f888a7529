import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Azurite {
  /** A connection string with the key that everybody knows. */
  connection: string;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<unknown>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../node_modules/azurite/dist/src/azurite.js', import.meta.url));
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const services = ['Blob', 'Queue', 'Table'] as const;

/** The emulator of Azure Storage on free ports of 127.0.0.1, with its files in this folder. */
export async function startAzurite(folder: string): Promise<Azurite> {
  if (!existsSync(program)) throw new Error('Azurite is not installed: run npm ci without --omit=dev');
  mkdirSync(folder, { recursive: true });
  const ports = services.flatMap((service) => {
    const name = service.toLowerCase();
    return [`--${name}Host`, '127.0.0.1', `--${name}Port`, '0'];
  });
  const options = ['--location', folder, '--silent', '--disableTelemetry', '--skipApiVersionCheck'];
  const child = spawn(process.execPath, [program, ...ports, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: process.platform !== 'win32', // Ctrl-C at the terminal is for func first: it writes its state while it ends
  });
  const ended = once(child, 'exit');
  const found = new Map<string, string>();
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, service, address] = /Azurite (\w+) service .*?(http:\/\/127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (service !== undefined && address !== undefined) found.set(service, address);
      if (services.every((name) => found.has(name))) resolve();
    });
    void ended.then(() => reject(new Error('Azurite did not start; what it said is above')));
  });
  const endpoints = services.map((service) => `${service}Endpoint=${found.get(service) ?? ''}/${account};`);
  return {
    connection: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};${endpoints.join('')}`,
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
