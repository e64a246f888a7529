import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createBody, testServer } from './helpers.ts';

/** The niceness of each thread of this process, by its number. */
function niceness(): Map<string, number> {
  const threads = new Map<string, number>();
  for (const thread of readdirSync('/proc/self/task')) {
    try {
      const [, fields = ''] = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ');
      threads.set(thread, Number(fields.split(' ')[16]));
    } catch {
      // it has ended since the folder was read
    }
  }
  return threads;
}

test.runIf(process.platform === 'linux')(
  'the thread of a dump lets those that answer go first, and no other thread is slowed',
  async () => {
    const { app, post } = await testServer();
    for (let number = 1; number <= 5; number += 1) await post('helloid/create', createBody(number));
    const before = niceness();
    const seen = new Map<string, number>();
    const look = setInterval(
      () => niceness().forEach((nice, thread) => seen.set(thread, Math.max(nice, seen.get(thread) ?? 0))),
      1,
    );
    await app.daily.preview();
    clearInterval(look);
    const slowed = [...seen].filter(([thread, nice]) => nice > (before.get(thread) ?? 0));
    expect(slowed.length).toBeGreaterThan(0);
    expect(slowed.filter(([thread]) => before.has(thread))).toEqual([]);
  },
);
