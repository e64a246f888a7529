import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before a port of this machine whose bytes arrive later, each way: a server far away, without loss or a narrow line. */
export async function startDelay(
  target: number,
  milliseconds: number,
): Promise<{ port: number; stop(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    pass(near, far);
    pass(far, near);
  });

  function pass(from: Socket, to: Socket): void {
    open.add(from);
    from.on('data', (chunk) => setTimeout(() => to.write(chunk), milliseconds));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      open.delete(from);
      setTimeout(() => to.end(), milliseconds);
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
