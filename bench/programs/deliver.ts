/** Delivers one file by SFTP as the product does, connect included. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { built } from '../built.ts';
import { answer, orderOf } from './order.ts';

export interface DeliverOrder {
  file: string;
  port: number;
  username: string;
  fingerprint: string;
  privateKey: string;
  directory: string;
  verify: 'size' | 'content';
}

const { file, fingerprint, ...settings } = orderOf<DeliverOrder>();
const { sftpDelivery } = await built<typeof import('../../shared/delivery/sftp.ts')>('shared/delivery/sftp');
const content = readFileSync(file);
const sha256 = createHash('sha256').update(content).digest('hex');
const delivery = sftpDelivery({
  ...{ kind: 'sftp', host: '127.0.0.1', hostKeys: [fingerprint], rename: 'posix', deadlineSeconds: 300 },
  ...settings,
});
const started = performance.now();
await delivery.deliver({ id: 'bench', files: [{ name: basename(file), path: file, bytes: content.length, sha256 }] });
answer({ milliseconds: performance.now() - started });
