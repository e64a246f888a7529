import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Notice } from './notice.tsx';
import type { Tone } from './badge.tsx';

const said = signal<{ words: string; tone: Tone } | null>(null);

/** Says once, to eyes and to screen readers, what became of something that somebody did. */
export function announce(words: string, tone: Tone = 'good'): void {
  said.value = { words, tone };
}

/** Where announcements appear; stands in the page from the start, so that screen readers watch it. */
export function Announcements() {
  const shown = said.value;
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => (said.value = null), 8_000);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class="toast" role="status">
      {shown && <Notice tone={shown.tone} title={shown.words} />}
    </div>
  );
}
