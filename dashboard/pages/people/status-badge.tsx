import type { Account } from '../../api/types.ts';
import { Badge } from '../../parts/badge.tsx';
import { text } from '../../text/text.ts';

export function StatusBadge({ enabled, deletedAt }: Pick<Account, 'enabled' | 'deletedAt'>) {
  const { people } = text();
  if (deletedAt !== null) return <Badge tone="calm" icon="delete" word={people.deleted} />;
  if (enabled) return <Badge tone="good" icon="done" word={people.active} />;
  return <Badge tone="calm" icon="disable" word={people.inactive} />;
}
