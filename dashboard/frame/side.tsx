import { overview } from '../api/overview.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { pages, place, type Page } from '../route.ts';
import { session, signOut } from '../session.ts';
import { text } from '../text/text.ts';
import { Switches } from './switches.tsx';

const icons: Record<Page, IconName> = {
  overview: 'overview',
  deliveries: 'deliveries',
  people: 'people',
  audit: 'trail',
  health: 'activity',
};

/** Brand, menu, and who is signed in. */
export function Side() {
  const { brand, brandFor, mainMenu, scopes, signOut: signOutWord } = text();
  const { name, scope } = session.value ?? { name: '', scope: 'viewer' };
  return (
    <header class="side">
      <div class="brand">
        <span class="brand-mark">
          <Icon name="brand" />
        </span>
        <span class="brand-name">
          {brand}
          <small>{brandFor}</small>
        </span>
      </div>
      <nav class="nav" aria-label={mainMenu}>
        <ul>
          {pages.map((page) => (
            <MenuItem key={page} page={page} />
          ))}
        </ul>
      </nav>
      <div class="side-foot">
        <Switches />
        <div class="who">
          <div>
            <strong>{name}</strong>
            <span class="soft">{scopes[scope]}</span>
          </div>
          <button type="button" class="button button-quiet button-small" title={signOutWord} onClick={signOut}>
            <Icon name="sign-out" />
            <span class="unseen">{signOutWord}</span>
          </button>
        </div>
      </div>
    </header>
  );
}

function MenuItem({ page }: { page: Page }) {
  const { pages: names, waiting } = text();
  const count = waitingOn(page);
  return (
    <li>
      <a href={`#/${page === 'overview' ? '' : page}`} aria-current={place.value.page === page ? 'page' : undefined}>
        <Icon name={icons[page]} />
        {names[page]}
        {count > 0 && (
          <span class="count">
            <span aria-hidden="true">{count}</span>
            <span class="unseen">{waiting(count)}</span>
          </span>
        )}
      </a>
    </li>
  );
}

function waitingOn(page: Page): number {
  const { waiting } = overview.value ?? {};
  if (page === 'deliveries') return waiting?.runs.length ?? 0;
  return page === 'people' ? (waiting?.usernames.total ?? 0) : 0;
}
