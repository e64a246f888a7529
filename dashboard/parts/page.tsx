import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { takeArrival } from '../route.ts';
import { text } from '../text/text.ts';
import { Icon } from './icon.tsx';

interface PageProps {
  title: string;
  /** The rest of the title's sentence, quieter. */
  more?: string;
  /** What the tab says, where that is not the title. */
  tab?: string;
  /** Above the title. */
  over?: ComponentChildren;
  /** Under the title. */
  lead?: ComponentChildren;
  /** Where a detail page came from. */
  back?: { to: string; word: string };
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** The page of a place: names the tab, and takes the focus when somebody goes there. */
export function Page({ title, more, tab = title, over, lead, back, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { brand } = text();
  useEffect(() => {
    document.title = `${tab} · ${brand}`;
  }, [tab, brand]);
  useEffect(() => {
    if (!takeArrival()) return;
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="page">
      <div class={more === undefined ? 'page-head' : 'page-head hero'}>
        <div>
          {back && (
            <a class="back" href={back.to}>
              <Icon name="back" />
              {back.word}
            </a>
          )}
          {over}
          <h1 ref={heading} tabIndex={-1}>
            {title}
            {more && <span class="soft"> {more}</span>}
          </h1>
          {lead}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
