import type { RunState } from '../api/types.ts';
import { text } from '../text/text.ts';
import { Badge, type Tone } from './badge.tsx';
import type { IconName } from './icon.tsx';

const looks: Record<RunState, [Tone, IconName]> = {
  waiting: ['calm', 'clock'],
  rendering: ['accent', 'busy'],
  held: ['warn', 'held'],
  blocked: ['bad', 'ban'],
  delivering: ['accent', 'send'],
  failed: ['bad', 'bad'],
  delivered: ['good', 'done'],
  discarded: ['calm', 'close'],
  superseded: ['calm', 'forward'],
};

export function RunBadge({ state }: { state: RunState }) {
  const [tone, icon] = looks[state];
  return <Badge tone={tone} icon={icon} word={text().words.states[state]} />;
}
