import { useOverview } from '../api/overview.ts';
import { Pages } from '../pages/pages.tsx';
import { text } from '../text/text.ts';
import { Banners } from './banners.tsx';
import { Side } from './side.tsx';

/** What surrounds the pages, for somebody who is signed in. */
export function Frame() {
  const { reload } = useOverview();
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // the fragment says which page is shown
          document.getElementById('main')?.focus();
        }}
      >
        {text().skip}
      </a>
      <div class="frame">
        <Side />
        <div>
          <Banners retry={reload} />
          <main id="main" class="main" tabIndex={-1}>
            <Pages />
          </main>
        </div>
      </div>
    </>
  );
}
