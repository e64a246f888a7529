import { signal } from '@preact/signals';

/** Who uses this tab. The key lives in this tab alone: never in the address, nor on disk. */
export interface Session {
  key: string;
  /** An operator may decide; a viewer only looks. */
  scope: 'viewer' | 'operator';
  /** The key's name, as the audit trail knows it. */
  name: string;
}

const place = 'spendcloud.session';

export const session = signal<Session | null>(kept());
/** Why the last session ended by itself. */
export const endedBecause = signal<'refused' | null>(null);

export function signIn(next: Session): void {
  sessionStorage.setItem(place, JSON.stringify(next));
  endedBecause.value = null;
  session.value = next;
}

/** Leaves nothing behind for whoever uses the tab next. */
export function signOut(): void {
  sessionStorage.clear();
  location.hash = '';
  location.reload();
}

/** The key is not valid any more: asks for another, and keeps what was typed. */
export function sessionRefused(): void {
  sessionStorage.removeItem(place);
  endedBecause.value = 'refused';
  session.value = null;
}

export function mayDecide(): boolean {
  return session.value?.scope === 'operator';
}

function kept(): Session | null {
  return JSON.parse(sessionStorage.getItem(place) ?? 'null') as Session | null;
}
