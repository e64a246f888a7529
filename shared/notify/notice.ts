import type { TrailHead } from '../store/audit.ts';

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

/** All news of one moment in one message, with the newest entry of the trail: kept where nobody can change it together with the database. */
export function messageOf(notices: readonly Notice[], trail: TrailHead | null): Message {
  const [first] = notices;
  const more = notices.length > 1 ? `, and ${notices.length - 1} more` : '';
  const text = notices.map(paragraph).join('\n\n').slice(0, longestText);
  const proof = trail && `\n\nAudit trail: spendcloud audit verify --entry ${trail.entry} --head ${trail.hash}`;
  return { subject: `Spend Cloud connector: ${first?.title ?? ''}${more}`, text: `${text}${proof ?? ''}` };
}

function paragraph({ title, lines, next }: Notice): string {
  return [`Spend Cloud connector: ${title}`, ...lines, ...(next === null ? [] : [`Next: ${next}`])].join('\n');
}
