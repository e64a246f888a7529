import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { startSshd, type Sshd } from '../sshd.ts';
import { startLine, type Line } from './line.ts';

/** Where Spend Cloud fetches: a real sshd behind a line that can break, and the settings that lead there. */
export interface FarSide {
  sshd: Sshd;
  line: Line;
  /** The folder that is delivered to. */
  directory: string;
  /** The connector's environment for this destination. */
  environment: Record<string, string>;
  /** SHA-256 of what lies under the final names; null where nothing lies. */
  visible(): { persons: string | null; roles: string | null };
  /** By the server's own log: the final names that this run's temporaries were renamed to, in order. */
  renamesOf(run: number): string[];
  /** An empty folder again. */
  clear(): void;
  stop(): Promise<void>;
}

export const fileNames = { persons: 'Users.csv', roles: 'Roles.csv' } as const;

/** `parent`: a folder at the far side of the caller's own, such as a small disk, in which the inbox is made. */
export async function startFarSide({ parent }: { parent?: string } = {}): Promise<FarSide> {
  const sshd = await startSshd();
  const line = await startLine(sshd.port);
  const directory = join(parent ?? sshd.directory, 'in');
  mkdirSync(directory);
  const hashOf = (name: string): string | null => {
    const path = join(directory, name);
    return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : null;
  };
  return {
    sshd,
    line,
    directory,
    environment: {
      SFTP_HOST: '127.0.0.1',
      SFTP_PORT: String(line.port),
      SFTP_USERNAME: sshd.username,
      SFTP_PRIVATE_KEY: sshd.privateKey,
      SFTP_HOST_KEY: sshd.fingerprint,
      SFTP_DIRECTORY: directory,
    },
    visible: () => ({ persons: hashOf(fileNames.persons), roles: hashOf(fileNames.roles) }),
    renamesOf: (run) =>
      sshd.renames().flatMap((line) => {
        const [from, to] = line.split(' -> ').map((path) => path.slice(path.lastIndexOf('/') + 1));
        return to !== undefined && from?.startsWith(`.${to}.r${run}-`) ? [to] : [];
      }),
    clear() {
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
    },
    async stop() {
      await line.stop();
      await sshd.stop();
    },
  };
}
