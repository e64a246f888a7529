import { setTimeout as wait } from 'node:timers/promises';

/** How the trial reaches the connector as an operator. */
export interface Operator {
  /** Without `/api`. */
  address: string;
  key: string;
  signal: AbortSignal;
}

interface Run {
  id: number;
  state: string;
  reasons: string[];
}

/** Has a dump delivered now, and gives the number of its run; releases one that is held as a first delivery to this server. */
export async function deliver(operator: Operator, tell: (line: string) => void): Promise<number> {
  const { id } = await ask<Run>(operator, 'exports', {});
  for (;;) {
    const run = await ask<Run>(operator, `exports/${id}`);
    if (run.state === 'delivered') return id;
    if (run.state === 'held') {
      tell(`  Run ${id} is held: ${run.reasons.join('; ')}. An operator releases it.`);
      await ask(operator, `exports/${id}/release`, { by: 'trial', reason: 'invented people on a trial server' });
    } else if (!['waiting', 'rendering', 'delivering'].includes(run.state)) {
      throw new Error(`run ${id} is ${run.state}: ${run.reasons.join('; ')}`);
    }
    await wait(250, undefined, { signal: operator.signal });
  }
}

async function ask<Reply>({ address, key, signal }: Operator, path: string, body?: object): Promise<Reply> {
  const response = await fetch(`${address}/api/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'x-functions-key': key, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal,
  });
  const reply = (await response.json()) as Reply & { message?: string };
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${reply.message ?? ''}`);
  return reply;
}
