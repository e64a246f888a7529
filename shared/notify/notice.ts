/** One piece of news, for people: numbers and what to do, never personal data or a secret. */
export interface Notice {
  title: string;
  lines: string[];
  /** What to do; null when there is nothing. */
  next: string | null;
}

/** What a channel sends. */
export interface Message {
  subject: string;
  text: string;
}

// Teams refuses more than 28 KB.
const longestText = 20_000;

/** All news of one moment in one message. */
export function messageOf(notices: readonly Notice[]): Message {
  const [first] = notices;
  const more = notices.length > 1 ? `, and ${notices.length - 1} more` : '';
  const text = notices.map(paragraph).join('\n\n');
  return { subject: `Spend Cloud connector: ${first?.title ?? ''}${more}`, text: text.slice(0, longestText) };
}

function paragraph({ title, lines, next }: Notice): string {
  return [`Spend Cloud connector: ${title}`, ...lines, ...(next === null ? [] : [`Next: ${next}`])].join('\n');
}
