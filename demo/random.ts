/** Draws numbers that look random and are the same for the same seed (mulberry32). */
export interface Draw {
  /** True so many times in a hundred. */
  chance(percent: number): boolean;
  from<Item>(items: readonly Item[]): Item;
}

export function drawing(seed: number): Draw {
  let state = seed;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    chance: (percent) => next() * 100 < percent,
    from: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('There is nothing to draw from');
      return item;
    },
  };
}
