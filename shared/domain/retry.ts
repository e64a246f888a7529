const minuteMilliseconds = 60_000;
const longestPauseMinutes = 60;

/**
 * When a failed delivery is tried again: after 5, 10, 20, 40 and then 60 minutes, each moved by up to a fifth either way so that
 * a server that comes back is not met by everybody at once. `chance` is 0 to 1.
 */
export function retryAt(failures: number, now: Date, chance: number): string {
  const minutes = Math.min(5 * 2 ** Math.max(0, failures - 1), longestPauseMinutes);
  return new Date(now.getTime() + minutes * minuteMilliseconds * (0.8 + 0.4 * chance)).toISOString();
}
