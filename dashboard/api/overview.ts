import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { followClock, timeZone } from '../format.ts';
import { languageOfPolicy } from '../preferences.ts';
import type { Refusal } from './client.ts';
import { silentSince } from './connection.ts';
import type { Overview } from './types.ts';
import { useData, type Data } from './use-data.ts';

/** How things are, as the frame and the pages share it; asked for by the frame alone. */
export const overview = signal<Overview | null>(null);
/** Why the server will not say how things are, and since when; null while it does. Where nobody answers, that is `silentSince`. */
export const refused = signal<{ since: Date; refusal: Refusal } | null>(null);

const calmly = 5_000;
const closely = 1_000;

/** Whether a run is under way, or waits for its turn; one that a pause keeps here may stay for days. */
export function isBusy(): boolean {
  const phase = overview.value?.current?.phase;
  return phase !== undefined && phase !== 'paused';
}

/** Keeps `overview` new: quickly while a run is under way, or while nobody answers. */
export function useOverview(): Data<Overview> {
  const data = useData<Overview>('overview', isBusy() || silentSince.value ? closely : calmly);
  const { value, failure } = data;
  useEffect(() => {
    if (value === null) return;
    overview.value = value;
    followClock(value.now);
    timeZone.value = value.settings.timeZone;
    languageOfPolicy(value.settings.language);
  }, [value]);
  useEffect(() => {
    if (failure?.kind === 'refused') refused.value = { since: refused.peek()?.since ?? new Date(), refusal: failure };
    else refused.value = null;
  }, [failure]);
  useEffect(() => () => void (refused.value = null), []); // whoever signs in next has not been refused
  return data;
}
