import type { AuditEntry } from '../api/types.ts';
import { text } from '../text/text.ts';
import { Badge } from './badge.tsx';

/** What became of an action. */
export function EntryResult({ entry: { success, outcome } }: { entry: AuditEntry }) {
  const { outcomes, states } = text().words;
  const { ok, notOk } = text().audit;
  const word = outcomes[outcome] ?? (states as Partial<Record<string, string>>)[outcome] ?? (success ? ok : notOk);
  if (!success) return <Badge tone="bad" icon="bad" word={word} />;
  return outcome === 'unchanged' ? (
    <Badge tone="calm" icon="check" word={word} />
  ) : (
    <Badge tone="good" icon="done" word={word} />
  );
}

/** Before and after, then what was said about it. */
export function EntryStory({ entry: { changes, messages } }: { entry: AuditEntry }) {
  return (
    <>
      {changes.length > 0 && (
        <ul class="changes">
          {changes.map((change) => (
            <li key={change.what} class="break">
              <ChangeLine {...change} />
            </li>
          ))}
        </ul>
      )}
      {messages.map((message, index) => (
        <p key={index} class="small soft break" lang="en">
          {message}
        </p>
      ))}
    </>
  );
}

function ChangeLine({ what, before, after }: AuditEntry['changes'][number]) {
  const { words } = text();
  const role = /^role (.*)$/s.exec(what)?.[1];
  return (
    <>
      <span class="soft">{role === undefined ? (words.fields[what] ?? what) : words.role(role)}:</span>{' '}
      {before !== null && <del>{valueOf(what, before)}</del>}
      {before !== null && after !== null && ' → '}
      {after !== null && <ins>{valueOf(what, after)}</ins>}
    </>
  );
}

function valueOf(what: string, value: string): string {
  const { words, none } = text();
  if (what === 'enabled') return value === 'true' ? words.yes : words.no;
  return value === '' ? none : value;
}
