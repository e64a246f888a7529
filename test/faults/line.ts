import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The line to the far side: one port for good, so that the destination stays the same whatever happens behind it. */
export interface Line {
  port: number;
  /** Bytes that passed so far, both ways together. */
  bytes(): number;
  /** Where connections go from now on: a port on this machine, or nowhere (accepted and never answered). */
  leadTo(target: number | 'nowhere'): void;
  /** Resets both sides once so many more bytes have passed; `undefined` takes that back. */
  cutAfter(bytes: number | undefined): void;
  /** Asks before each piece that goes one way; from the first yes on nothing passes any more, either way, until `release`. */
  holdWhen(way: Way, reached: () => boolean): Promise<void>;
  /** Lets everything pass again; what was held back still arrives, or is lost. */
  release(what: 'arrives' | 'is lost'): void;
  stop(): Promise<void>;
}

export type Way = 'there' | 'back';

export async function startLine(target: number): Promise<Line> {
  const open = new Set<Socket>();
  let leadsTo: number | 'nowhere' = target;
  let bytes = 0;
  let cutAt: number | undefined;
  let gate: { way: Way; reached: () => boolean; resolve: () => void } | undefined;
  let held: (() => void)[] | undefined;

  function pass(from: Socket, to: Socket, way: Way): void {
    open.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      open.delete(from);
      if (held) held.push(() => to.end());
      else to.end();
    });
    from.on('data', (data: Buffer) => {
      if (!held && gate?.way === way && gate.reached()) {
        held = [];
        gate.resolve();
        gate = undefined;
      }
      if (held) {
        held.push(() => to.write(data));
        return;
      }
      const room = cutAt === undefined ? Infinity : cutAt - bytes;
      bytes += data.length;
      to.write(data.length > room ? data.subarray(0, room) : data);
      if (data.length <= room) return;
      cutAt = undefined;
      to.end(); // what was sent before the cut may arrive
      from.resetAndDestroy();
    });
  }

  const server = createServer({ noDelay: true }, (near) => {
    if (leadsTo === 'nowhere') {
      open.add(near);
      near.on('error', () => undefined).on('close', () => open.delete(near));
      near.resume();
      return;
    }
    const far = connect({ port: leadsTo, host: '127.0.0.1', noDelay: true });
    pass(near, far, 'there');
    pass(far, near, 'back');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    leadTo: (next) => void (leadsTo = next),
    cutAfter: (more) => void (cutAt = more === undefined ? undefined : bytes + more),
    holdWhen: (way, reached) => new Promise((resolve) => void (gate = { way, reached, resolve })),
    release(what) {
      const waiting = held ?? [];
      held = gate = undefined;
      if (what === 'arrives') for (const go of waiting) go();
      else for (const socket of open) socket.destroy();
    },
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
