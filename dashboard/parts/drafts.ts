const reasons = new Map<string, string>();
const place = 'spendcloud.decider';

/** A reason that was typed and not sent yet, by what it decides. */
export function draftOf(path: string): string {
  return reasons.get(path) ?? '';
}

export function keep(path: string, reason: string): void {
  reasons.set(path, reason);
}

export function forget(path: string): void {
  reasons.delete(path);
}

/** The name that was typed last in this tab, sent or not: whoever decides twice types it once. */
export function nameOfDecider(): string {
  return sessionStorage.getItem(place) ?? '';
}

export function rememberDecider(name: string): void {
  sessionStorage.setItem(place, name);
}
