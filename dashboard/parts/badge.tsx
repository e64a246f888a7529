import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'accent';

/** A state by colour, icon and word, so that none of them is needed to understand it. */
export function Badge({ tone, icon, word }: { tone: Tone; icon: IconName; word: string }) {
  return (
    <span class={`badge tone-${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
