import type { AccountDetail } from '../../api/types.ts';
import { Card } from '../../parts/card.tsx';
import { EntryResult, EntryStory } from '../../parts/entry.tsx';
import { formatExactly } from '../../format.ts';
import { addressOf } from '../../route.ts';
import { text } from '../../text/text.ts';

/** What happened to a person, newest first. */
export function Timeline({ person: { reference, history } }: { person: AccountDetail }) {
  const { people, words, by } = text();
  return (
    <Card
      title={people.historyTitle}
      aside={<a href={addressOf({ page: 'audit', reference })}>{people.historyMore}</a>}
    >
      {history.length === 0 && <p class="soft">{people.historyNone}</p>}
      <ol class="timeline">
        {history.map((entry) => (
          <li key={entry.entry} class="stack-tight">
            <div class="row">
              <strong>{words.kinds[entry.action] ?? entry.action}</strong>
              <EntryResult entry={entry} />
            </div>
            <span class="small soft break">
              <time dateTime={entry.at}>{formatExactly(entry.at)}</time>, {by(entry.key)}
            </span>
            <EntryStory entry={entry} />
          </li>
        ))}
      </ol>
    </Card>
  );
}
