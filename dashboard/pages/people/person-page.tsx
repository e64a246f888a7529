import { useState } from 'preact/hooks';
import { accountPath } from '../../api/account-path.ts';
import { overview } from '../../api/overview.ts';
import type { AccountDetail } from '../../api/types.ts';
import { useData } from '../../api/use-data.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { addressOf } from '../../route.ts';
import { mayDecide } from '../../session.ts';
import { text } from '../../text/text.ts';
import { nameOf, pendingOf } from './person.ts';
import { DeliveredCard, IdentityCard, RolesCard } from './person-cards.tsx';
import { PersonDialog, type PersonDecision } from './person-dialogs.tsx';
import { StatusBadge } from './status-badge.tsx';
import { Timeline } from './timeline.tsx';

/** One person: who, with which roles, what Spend Cloud got, and all that happened. */
export function PersonPage({ reference }: { reference: string }) {
  const data = useData<AccountDetail>(accountPath(reference), 8_000);
  const [asks, setAsks] = useState<{ decision: PersonDecision; person: AccountDetail } | null>(null);
  const { people } = text();
  const person = data.value;
  return (
    <Page
      title={person ? nameOf(person) : reference}
      back={{ to: addressOf({ page: 'people', reference: null }), word: people.back }}
      lead={person && <StatusBadge {...person} />}
      actions={
        person?.deletedAt === null &&
        mayDecide() && <Actions person={person} decide={(decision) => setAsks({ decision, person })} />
      }
    >
      {data.failure?.kind === 'refused' && data.failure.status === 404 ? (
        <Notice tone="calm" title={people.notFound} />
      ) : (
        <Loaded data={data}>
          {(shown) => (
            <>
              <PendingNotice person={shown} accept={() => setAsks({ decision: 'accept-username', person: shown })} />
              <div class="grid grid-wide">
                <div class="grid grid-top">
                  <RolesCard roles={shown.roles} />
                  <Timeline person={shown} />
                </div>
                <div class="grid grid-top">
                  <IdentityCard person={shown} />
                  <DeliveredCard person={shown} />
                </div>
              </div>
            </>
          )}
        </Loaded>
      )}
      {asks && <PersonDialog {...asks} onClose={() => setAsks(null)} onDone={data.replace} />}
    </Page>
  );
}

function Actions({ person, decide }: { person: AccountDetail; decide: (decision: PersonDecision) => void }) {
  const { people } = text();
  return (
    <>
      {person.enabled ? (
        <Button icon="disable" onClick={() => decide('disable')}>
          {people.disable}
        </Button>
      ) : (
        <Button icon="enable" onClick={() => decide('enable')}>
          {people.enable}
        </Button>
      )}
      <Button kind="danger" icon="delete" onClick={() => decide('delete')}>
        {people.delete}
      </Button>
    </>
  );
}

function PendingNotice({ person, accept }: { person: AccountDetail; accept: () => void }) {
  const { people } = text();
  const pending = pendingOf(person);
  if (!pending) return null;
  const { kind, before, after } = pending;
  const words = people.pending[kind];
  const isFrozen = overview.value?.settings.username === 'freeze';
  return (
    <Notice tone={isFrozen ? 'calm' : 'warn'} title={isFrozen ? words.frozenTitle : words.title}>
      <p class="break">{isFrozen ? words.frozenText(before, after) : words.text(before, after)}</p>
      {!isFrozen && mayDecide() && (
        <div class="actions">
          <Button kind="primary" icon="check" onClick={accept}>
            {people.accept}
          </Button>
        </div>
      )}
    </Notice>
  );
}
