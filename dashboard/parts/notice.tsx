import type { ComponentChildren } from 'preact';
import type { Failure } from '../api/client.ts';
import { Said } from '../text/said.tsx';
import { text } from '../text/text.ts';
import type { Tone } from './badge.tsx';
import { Icon, type IconName } from './icon.tsx';

const iconOf: Record<Tone, IconName> = { good: 'done', warn: 'warn', bad: 'bad', calm: 'info', accent: 'info' };

interface NoticeProps {
  tone: Tone;
  title: string;
  icon?: IconName;
  children?: ComponentChildren;
}

/** Something to know before the rest. */
export function Notice({ tone, title, icon, children }: NoticeProps) {
  return (
    <div class={`notice tone-${tone}`}>
      <Icon name={icon ?? iconOf[tone]} />
      <div class="notice-body">
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}

/** Why something did not work, in the server's words where it has any. */
export function FailureNotice({ failure }: { failure: Failure }) {
  const { failures } = text();
  if (failure.kind === 'unreachable') return <Notice tone="bad" icon="offline" title={failures.unreachable} />;
  return (
    <Notice tone="bad" title={failures.byCode[failure.code] ?? failures.refused}>
      <p class="small break">
        <Said words={failure.message} />
      </p>
      {failure.status >= 500 && failure.requestId && (
        <p class="small soft break">{failures.requestId(failure.requestId)}</p>
      )}
    </Notice>
  );
}
