import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  port: number;
  /** Bytes that passed so far, both ways together. */
  bytes(): number;
  connections(): number;
  stop(): Promise<void>;
}

export interface Incident {
  /** After so many bytes, both ways together … */
  after: number;
  /** … this happens, once: `cut` resets both sides, as a router would; a function is called, and the bytes go on. */
  what: 'cut' | (() => void);
}

/** A TCP proxy on this machine, in front of a port on this machine, to which something happens. */
export async function startProxy(target: number, incident?: Incident): Promise<Proxy> {
  const open = new Set<Socket>();
  let bytes = 0;
  let connections = 0;
  let due = incident;

  const server = createServer((near) => {
    connections += 1;
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    near.setNoDelay(true);
    const pass = (from: Socket, to: Socket): void => {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.end();
      });
      from.on('data', (data: Buffer) => {
        const room = due ? due.after - bytes : Infinity;
        bytes += data.length;
        to.write(due?.what === 'cut' && data.length > room ? data.subarray(0, room) : data);
        if (!due || data.length <= room) return;
        const { what } = due;
        due = undefined;
        if (what !== 'cut') {
          what();
          return;
        }
        to.end(); // what was sent before the cut may arrive
        from.resetAndDestroy();
      });
    };
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    connections: () => connections,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
