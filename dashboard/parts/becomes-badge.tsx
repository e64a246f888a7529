import type { RunPreview } from '../api/types.ts';
import { text } from '../text/text.ts';
import { Badge } from './badge.tsx';

/** What would become of a delivery that was made now. */
export function BecomesBadge({ becomes }: { becomes: RunPreview['becomes'] }) {
  const word = text().words.becomes[becomes];
  if (becomes === 'delivered') return <Badge tone="good" icon="done" word={word} />;
  return becomes === 'held' ? (
    <Badge tone="warn" icon="held" word={word} />
  ) : (
    <Badge tone="bad" icon="ban" word={word} />
  );
}
