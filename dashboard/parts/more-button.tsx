import type { More } from '../api/use-more.ts';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { FailureNotice } from './notice.tsx';

/** Brings the next page of a list, where there is one. */
export function MoreButton({ more: { hasMore, isBusy, failure, load } }: { more: More<unknown> }) {
  if (!hasMore) return null;
  return (
    <div class="stack">
      {failure && <FailureNotice failure={failure} />}
      <div>
        <Button busy={isBusy} onClick={load}>
          {text().more}
        </Button>
      </div>
    </div>
  );
}
