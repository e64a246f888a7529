import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, type Failure } from './client.ts';

/** What a part of the page shows: the newest answer stays while a later one fails or is on its way. */
export interface Data<Value> {
  value: Value | null;
  failure: Failure | null;
  /** What is shown is of an earlier path: the present one is not answered yet. */
  isOld: boolean;
  /** Asks again now. */
  reload(): void;
  /** Takes over what another call has just answered, and asks again. */
  replace(value: Value): void;
}

/** Milliseconds; a light poll for what changes once a day, a quick one while something is under way. */
export const calmly = 20_000;
export const closely = 1_500;
/** A look that takes longer has failed: the next may do better. */
const patience = 15_000;
/** What is asked once is asked again when nobody answered. */
const again = 5_000;

/**
 * Asks for `path` now and again after `every` milliseconds (null: once), but not while the tab is hidden. A changed path ends what was still under way,
 * and drops what was there, or with `keeps` once it is answered, or cannot be. Nor does it ask while somebody is reading on (`isRead`, see `useMore`).
 */
export function useData<Value>(
  path: string,
  every: number | null = calmly,
  keeps = false,
  isRead?: { readonly current: boolean },
): Data<Value> {
  const [shown, setShown] = useState<{ path: string; value: Value | null; failure: Failure | null }>(nothing);
  const [turn, setTurn] = useState(0);
  const underWay = useRef<AbortController | null>(null);
  const pause = useRef(every);
  pause.current = every;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function look(signal: AbortSignal): Promise<void> {
      const answered = await ask<Value>(path, { signal, patience });
      if (signal.aborted) return;
      const isUnheard = !answered.ok && answered.failure.kind === 'unreachable';
      setShown((before) => {
        if (answered.ok) return { path, value: answered.value, failure: null };
        return { path, value: before.path === path ? before.value : null, failure: answered.failure };
      });
      wait(pause.current ?? (isUnheard ? again : null));
    }
    function wait(milliseconds: number | null): void {
      if (milliseconds !== null)
        timer = setTimeout(() => (document.hidden || isRead?.current ? wait(milliseconds) : begin()), milliseconds);
    }
    function begin(): void {
      underWay.current?.abort();
      clearTimeout(timer);
      const ending = new AbortController();
      underWay.current = ending;
      look(ending.signal).catch((error: unknown) => {
        if (!ending.signal.aborted) throw error;
      });
    }
    function onShown(): void {
      if (!document.hidden && pause.current !== null && !isRead?.current) begin();
    }

    begin();
    document.addEventListener('visibilitychange', onShown);
    return () => {
      underWay.current?.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onShown);
    };
  }, [path, turn, every]);

  const isCurrent = keeps || shown.path === path;
  return {
    value: isCurrent ? shown.value : null,
    failure: isCurrent ? shown.failure : null,
    isOld: shown.path !== path,
    reload: anew,
    replace(value) {
      setShown({ path, value, failure: null });
      anew();
    },
  };

  /** What is under way may be older than what has just been done: its answer is dropped. */
  function anew(): void {
    underWay.current?.abort();
    setTurn((before) => before + 1);
  }
}

const nothing = { path: '', value: null, failure: null };
