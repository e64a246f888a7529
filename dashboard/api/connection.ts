import { signal } from '@preact/signals';

/** Since when the server cannot be reached; null while it answers. */
export const silentSince = signal<Date | null>(null);

export function heard(): void {
  silentSince.value = null;
}

export function unheard(): void {
  silentSince.value ??= new Date();
}
