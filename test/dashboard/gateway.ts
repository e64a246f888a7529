import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What happens to the server's answer on its way to the browser. */
export type Incident =
  | { kind: 'replaced'; status: number; body: string }
  /** Half of it comes, then the connection ends. */
  | { kind: 'broken-off' }
  | { kind: 'held'; until: Promise<unknown> };

export interface Gateway {
  address: string;
  /** Calls that went to the server so far, such as `GET /api/overview`. */
  calls: string[];
  /** Decides by `GET /api/overview` what happens; undefined: nothing. Asked once for each call, before the server is. */
  meets: (call: string) => Incident | undefined;
}

/** A real HTTP gateway in front of a server, to whose answers something happens. */
export async function startGateway(target: string): Promise<Gateway> {
  const gateway: Gateway = { address: '', calls: [], meets: () => undefined };
  const server = createServer((near, answer) => {
    pass(near, answer).catch(() => answer.destroy()); // the server or the browser went away, as a test may want
  });

  async function pass(near: IncomingMessage, answer: ServerResponse): Promise<void> {
    const call = `${near.method ?? ''} ${near.url ?? ''}`;
    gateway.calls.push(call);
    const incident = gateway.meets(call);
    const far = request(target + (near.url ?? ''), { method: near.method, headers: near.headers });
    near.pipe(far);
    const [response] = (await once(far, 'response')) as [IncomingMessage];
    const body = await buffer(response);
    if (incident?.kind === 'held') await incident.until;
    if (incident?.kind === 'replaced') {
      answer.writeHead(incident.status, { 'content-type': 'application/json' }).end(incident.body);
      return;
    }
    answer.writeHead(response.statusCode ?? 500, { ...response.headers, 'content-length': body.length });
    if (incident?.kind !== 'broken-off') answer.end(body);
    else answer.write(body.subarray(0, body.length / 2), () => answer.destroy());
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  gateway.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gateway;
}
