import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { startDelay } from '../delay.ts';
import { alternate, type Row } from '../measure.ts';
import { command, program } from '../processes.ts';
import type { DeliverOrder } from '../programs/deliver.ts';
import { startSshd, type Sshd } from '../../test/sshd.ts';

const delayMilliseconds = 20;

/** One file to a real OpenSSH server, near and far, proven by its size and by reading it back. */
export async function delivery(bench: Bench): Promise<Row[]> {
  const file = join(bench.folder(), 'Users.csv');
  writeFileSync(file, randomBytes(bench.sizes.megabytes * 1024 * 1024));
  const sshd = await startSshd();
  const delay = await startDelay(sshd.port, delayMilliseconds);
  try {
    const rows: Row[] = [];
    for (const way of ['near', 'far'] as const) {
      const port = way === 'near' ? sshd.port : delay.port;
      for (const verify of ['size', 'content'] as const)
        rows.push(await delivered(bench, { file, sshd, port, way, verify }));
    }
    return rows;
  } finally {
    await delay.stop();
    await sshd.stop();
  }
}

interface Way {
  file: string;
  sshd: Sshd;
  port: number;
  way: 'near' | 'far';
  verify: 'size' | 'content';
}

async function delivered(bench: Bench, { file, sshd, port, way, verify }: Way): Promise<Row> {
  const distance = way === 'near' ? 'on loopback' : `with ${delayMilliseconds} ms each way`;
  bench.tell(`delivery of ${bench.sizes.megabytes} MB ${distance}, proven by ${verify}`);
  const { username, fingerprint, privateKey, directory } = sshd;
  const order: DeliverOrder = { file, port, username, fingerprint, privateKey, directory, verify };
  const key = join(bench.folder(), 'key');
  writeFileSync(key, privateKey, { mode: 0o600 });
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap((option) => [
    '-o',
    option,
  ]);
  const put = ['-b', '-', '-P', String(port), '-i', key, ...options, `${username}@127.0.0.1`];
  return {
    name: `delivery-${way}-${verify}`,
    what: `delivery of ${bench.sizes.megabytes} MB ${distance}, ${verify === 'size' ? 'proven by size' : 'read back'}`,
    reference: "OpenSSH's sftp, put of the same file",
    better: 'less',
    goal: verify === 'size' ? 1 : 2,
    unit: 'ms',
    rounds: await alternate(
      bench.sizes.rounds,
      async () => (await program<{ milliseconds: number }>('deliver', order)).milliseconds,
      async () => (await command('sftp', put, { input: `put ${file} ${directory}/reference.csv\n` })).milliseconds,
    ),
    notes: [],
  };
}
