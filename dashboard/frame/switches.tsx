import type { ComponentChildren } from 'preact';
import { Icon } from '../parts/icon.tsx';
import { chooseLanguage, chooseTheme, language, languages, theme, themes } from '../preferences.ts';
import { text } from '../text/text.ts';

const names = { nl: 'Nederlands', en: 'English' } as const;
const icons = { auto: 'monitor', light: 'light', dark: 'dark' } as const;

/** The choice of language and of light or dark. */
export function Switches() {
  const { language: languageWord, appearance, themes: themeWords } = text();
  return (
    <div class="switches">
      <div class="switch" role="group" aria-label={languageWord}>
        {languages.map((one) => (
          <Choice key={one} says={names[one]} isChosen={language() === one} choose={() => chooseLanguage(one)}>
            <span aria-hidden="true">{one.toUpperCase()}</span>
            <span class="unseen" lang={one}>
              {names[one]}
            </span>
          </Choice>
        ))}
      </div>
      <div class="switch" role="group" aria-label={appearance}>
        {themes.map((one) => (
          <Choice key={one} says={themeWords[one]} isChosen={theme.value === one} choose={() => chooseTheme(one)}>
            <Icon name={icons[one]} />
            <span class="unseen">{themeWords[one]}</span>
          </Choice>
        ))}
      </div>
    </div>
  );
}

interface ChoiceProps {
  says: string;
  isChosen: boolean;
  choose: () => void;
  children: ComponentChildren;
}

function Choice({ says, isChosen, choose, children }: ChoiceProps) {
  return (
    <button type="button" aria-pressed={isChosen} title={says} onClick={choose}>
      {children}
    </button>
  );
}
