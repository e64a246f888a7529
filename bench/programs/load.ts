/** HelloID under load: keep-alive sockets that send the full create sample, each for another person, the next when the last was answered. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../built.ts';
import { answer, orderOf } from './order.ts';

export interface LoadOrder {
  port: number;
  key: string;
  connections: number;
  seconds: number;
  /** Persons are numbered from here. */
  first: number;
  /** Calls per second and connection; absent: as fast as they are answered. */
  pace?: number;
}

export interface LoadAnswer {
  answered: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

const order = orderOf<LoadOrder>();
const { head, body, places } = preparedCall();
const warmUntil = performance.now() + (order.seconds * 1000) / 3;
const end = warmUntil + order.seconds * 1000;
const latencies: number[] = [];
let person = order.first;

await Promise.all(Array.from({ length: order.connections }, (_, index) => callUntilEnd(index)));
latencies.sort((some, other) => some - other);
const at = (part: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? NaN;
const result: LoadAnswer = {
  answered: latencies.length,
  perSecond: latencies.length / order.seconds,
  p50: at(0.5),
  p99: at(0.99),
};
answer(result);

async function callUntilEnd(index: number): Promise<void> {
  const socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true });
  const own = Buffer.from(body);
  const between = order.pace === undefined ? 0 : 1000 / order.pace;
  let due = performance.now() + (between * index) / order.connections;
  while (performance.now() < end) {
    if (between > 0) {
      await pause(Math.max(0, due - performance.now()));
      due += between;
    }
    person += 1;
    const digits = String(person).padStart(7, '0');
    for (const place of places) own.write(digits, place, 'latin1');
    const sent = performance.now();
    socket.write(head);
    socket.write(own);
    await answered(socket);
    const now = performance.now();
    if (sent >= warmUntil && now <= end) latencies.push(now - sent);
  }
  socket.destroy();
}

/** Reads one whole answer; anything but success ends the measurement. */
function answered(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (text.length < headEnd + 4 + length) return;
      socket.off('data', onData);
      socket.off('error', reject);
      if (text.startsWith('HTTP/1.1 200') && text.includes('"Success":true')) resolve();
      else reject(new Error(`the server answered: ${text}`));
    };
    socket.on('data', onData);
    socket.once('error', reject);
  });
}

/** The sample with seven digits of its own wherever a person's number or name stands. */
function preparedCall(): { head: Buffer; body: Buffer; places: number[] } {
  const sample = readFileSync(join(root, 'test/samples/helloid/create.json'), 'utf8');
  const text = Buffer.from(sample.replaceAll('100234', 'B0000000').replaceAll('rvdbrink', 'u0000000'));
  const found: number[] = [];
  for (let place = text.indexOf('0000000'); place >= 0; place = text.indexOf('0000000', place + 7)) found.push(place);
  const lines = [
    'POST /api/helloid/create HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/json; charset=utf-8',
    `x-functions-key: ${order.key}`,
    `content-length: ${text.length}`,
  ];
  return { head: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body: text, places: found };
}
