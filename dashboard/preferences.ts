import { effect, signal } from '@preact/signals';

export const languages = ['nl', 'en'] as const;
export type Language = (typeof languages)[number];
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Chosen here, or null: what connector.json says, else the browser. */
const chosenLanguage = signal<Language | null>(read('language', languages));
const policyLanguage = signal<Language | null>(null);
export const theme = signal<Theme>(read('theme', themes) ?? 'auto');

/** The language of the page; see `dashboard.language` in connector.json. */
export function language(): Language {
  return chosenLanguage.value ?? policyLanguage.value ?? browserLanguage();
}

export function chooseLanguage(next: Language): void {
  localStorage.setItem('spendcloud.language', next);
  chosenLanguage.value = next;
}

/** What the server's settings say; a choice made here goes before it. */
export function languageOfPolicy(next: Language | 'auto'): void {
  policyLanguage.value = next === 'auto' ? null : next;
}

export function chooseTheme(next: Theme): void {
  localStorage.setItem('spendcloud.theme', next);
  theme.value = next;
}

/** Tells the document, whose style sheet and screen readers follow. */
export function applyPreferences(): void {
  effect(() => {
    document.documentElement.lang = language();
    if (theme.value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
}

function browserLanguage(): Language {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return languages.find((known) => known === wanted.find((tag) => languages.some((one) => one === tag))) ?? 'en';
}

function read<Value extends string>(name: string, values: readonly Value[]): Value | null {
  const kept = localStorage.getItem(`spendcloud.${name}`);
  return values.find((value) => value === kept) ?? null;
}
