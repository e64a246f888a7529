import type { TakeOver } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { Card } from '../../parts/card.tsx';
import { addressOf } from '../../route.ts';
import { text } from '../../text/text.ts';

const mostNames = 12;

/** Until somebody closes the take-over: of whom HelloID has not called since. */
export function TakeOverCard() {
  const { value } = useData<TakeOver>(`take-over?limit=${mostNames}`, null, true);
  const { overview } = text();
  if (!value?.takeOver || value.takeOver.closed) return null;
  const { of, untouched } = value.takeOver;
  return (
    <Card title={overview.takeOverTitle}>
      <p>{overview.takeOverUntouched(untouched, of)}</p>
      <ul class="chips">
        {value.people.map(({ reference, username }) => (
          <li key={reference}>
            <a href={addressOf({ page: 'people', reference })}>{username}</a>
          </li>
        ))}
        {untouched > value.people.length && (
          <li class="soft small">{overview.waitingMore(untouched - value.people.length)}</li>
        )}
      </ul>
      <p class="small soft">{overview.takeOverText}</p>
    </Card>
  );
}
