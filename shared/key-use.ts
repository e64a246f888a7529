import type { Facts } from './store/facts.ts';

/** When each key was used last: one that nobody uses any more can be removed. */
export interface KeyUse {
  used(name: string): void;
  /** UTC; null where it is not known. */
  lastUse(name: string): string | null;
}

const minuteMilliseconds = 60_000;

/** Kept in memory, and each key's use written down once a minute at most: it need not survive a crash to the second. */
export function keyUse(facts: Facts, now: () => Date): KeyUse {
  const last = new Map<string, string>();
  const written = new Map<string, number>();

  const stored = () => JSON.parse(facts.get('keys-used') ?? '{}') as Record<string, string>;

  return {
    used: (name) => {
      const at = now();
      last.set(name, at.toISOString());
      if (Math.abs(at.getTime() - (written.get(name) ?? 0)) < minuteMilliseconds) return;
      written.set(name, at.getTime());
      const uses = { ...stored(), [name]: at.toISOString() };
      facts.set({ 'keys-used': JSON.stringify(uses) }).catch(() => undefined); // the call itself tells of a database that takes no writes
    },
    lastUse: (name) => {
      const [here, told] = [last.get(name), stored()[name]]; // another process on this folder may have been called
      return (
        [here, told]
          .filter((at) => at !== undefined)
          .toSorted()
          .at(-1) ?? null
      );
    },
  };
}
