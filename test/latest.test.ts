import { expect, test } from 'vitest';
import { AppError } from '../shared/errors.ts';
import { latest } from '../shared/latest.ts';
import { clockAt } from './helpers.ts';

const start = '2026-11-23T10:00:00.000Z';

/** Work that ends when it is told to, and what it depends on. */
function workshop() {
  const clock = clockAt(start);
  const begun: PromiseWithResolvers<string>[] = [];
  let key = 'a';
  const work = () => {
    const next = Promise.withResolvers<string>();
    begun.push(next);
    return next.promise;
  };
  const { last: ask, fresh } = latest(work, { key: () => key, leastSeconds: 10, mostSeconds: 60, now: clock.now });
  return {
    ask,
    fresh,
    begun,
    after: (seconds: number) => clock.set(new Date(Date.parse(start) + seconds * 1000).toISOString()),
    change: () => void (key += 'a'),
    /** Ends the work that goes on, and asks. */
    finish: (value: string) => {
      begun.at(-1)?.resolve(value);
      return ask();
    },
  };
}

test('many who ask at once share one piece of work, and hear that it goes on', async () => {
  const { ask, begun, finish } = workshop();
  const asked = await Promise.all(Array.from({ length: 20 }, ask));
  expect(asked).toEqual(Array(20).fill({ at: null, computing: true, failed: null, value: null }));
  expect(begun).toHaveLength(1);
  expect(await finish('done')).toEqual({ at: start, computing: false, failed: null, value: 'done' });
});

test('it is done again when what it depends on changed, not too often, and when it is old', async () => {
  const { ask, begun, finish, after, change } = workshop();
  await ask();
  await finish('first');
  after(59);
  await ask();
  expect(begun).toHaveLength(1);
  change();
  expect(await ask()).toMatchObject({ computing: true, value: 'first' });
  expect(await finish('second')).toMatchObject({ computing: false, value: 'second' });
  change();
  after(68);
  expect(await ask()).toMatchObject({ computing: false, value: 'second' });
  after(69);
  await ask();
  await finish('third');
  after(128);
  await ask();
  expect(begun).toHaveLength(3);
  after(129);
  await ask();
  expect(begun).toHaveLength(4);
});

test('a failure is told, and tried again although nothing changed; a fault of ours is thrown', async () => {
  const { ask, begun, finish, after } = workshop();
  await ask();
  begun[0]?.reject(new AppError('unavailable', 'the disk is full'));
  expect(await ask()).toEqual({ at: start, computing: false, failed: 'the disk is full', value: null });
  after(10);
  await ask();
  expect(await finish('mended')).toMatchObject({ failed: null, value: 'mended' });
  after(70);
  await ask();
  begun[2]?.reject(new TypeError('ours'));
  await expect(ask()).rejects.toThrow('ours');
});

test('who asks for what it is now shares work under way, but not work that began before something changed', async () => {
  const { ask, fresh, begun, change } = workshop();
  await ask();
  const first = Promise.all([fresh(), fresh()]);
  change();
  const second = Promise.all([fresh(), fresh()]);
  begun[0]?.resolve('before');
  expect(await first).toEqual(['before', 'before']);
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.resolve('after');
  expect(await second).toEqual(['after', 'after']);
  expect(await ask()).toMatchObject({ computing: false, value: 'after' });
  const third = fresh();
  begun[2]?.reject(new AppError('unavailable', 'the disk is full'));
  await expect(third).rejects.toThrow('the disk is full');
  expect(begun).toHaveLength(3);
});
