import { useId, useState } from 'preact/hooks';
import { accountPath } from '../../api/account-path.ts';
import type { AccountDetail } from '../../api/types.ts';
import { DecisionDialog } from '../../parts/decision-dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { text } from '../../text/text.ts';
import { nameOf, pendingOf, type PendingChange } from './person.ts';

export type PersonDecision = 'enable' | 'disable' | 'delete' | 'accept-username';

interface PersonDialogProps {
  decision: PersonDecision;
  person: AccountDetail;
  onClose: () => void;
  onDone: (person: AccountDetail) => void;
}

/** A decision about one person, by somebody who is named. */
export function PersonDialog({ decision, person, onClose, onDone }: PersonDialogProps) {
  const { people } = text();
  const pending = pendingOf(person);
  if (decision === 'accept-username')
    return pending && <AcceptDialog person={person} pending={pending} onClose={onClose} onDone={onDone} />;
  const name = nameOf(person);
  const words = {
    enable: { title: people.enableTitle(name), says: people.enableText, confirm: people.enable, done: people.enabled },
    disable: {
      title: people.disableTitle(name),
      says: people.disableText,
      confirm: people.disable,
      done: people.disabled,
    },
    delete: {
      title: people.deleteTitle(name),
      says: people.deleteText,
      confirm: people.delete,
      done: people.deletedDone,
    },
  }[decision];
  return (
    <DecisionDialog<AccountDetail>
      path={accountPath(person.reference, `/${decision}`)}
      title={words.title}
      confirm={words.confirm}
      isDangerous={decision !== 'enable'}
      done={words.done}
      onClose={onClose}
      onDone={onDone}
    >
      <p>{words.says}</p>
    </DecisionDialog>
  );
}

interface AcceptDialogProps extends Omit<PersonDialogProps, 'decision'> {
  pending: PendingChange;
}

/** Says what Spend Cloud makes of another username before it is let into the files; one that HelloID sends meanwhile is not let in with it. */
function AcceptDialog({ person, pending: { kind, before, after }, onClose, onDone }: AcceptDialogProps) {
  const [isSure, setSure] = useState(false);
  const [wasAsked, setAsked] = useState(false);
  const id = useId();
  const { people, none } = text();
  const { reference, email } = person;
  const words = people.pending[kind];
  return (
    <DecisionDialog<AccountDetail>
      path={`accounts/${encodeURIComponent(reference)}/accept-username`}
      more={{ pending: after }}
      title={people.acceptTitle(after)}
      confirm={people.acceptConfirm}
      isBlocked={!isSure}
      done={people.accepted}
      onAsk={() => setAsked(true)}
      onClose={onClose}
      onDone={onDone}
    >
      <p class="break">{people.acceptText(before, after)}</p>
      <Notice tone="warn" title={people.acceptWarning}>
        <p class="small break">{words.warning(email ?? none)}</p>
      </Notice>
      <label class="check">
        <input
          type="checkbox"
          checked={isSure}
          aria-invalid={wasAsked && !isSure ? 'true' : undefined}
          aria-describedby={wasAsked && !isSure ? id : undefined}
          onChange={({ currentTarget }) => setSure(currentTarget.checked)}
        />
        {words.check}
      </label>
      {wasAsked && !isSure && (
        <p id={id} class="field-error">
          {people.acceptCheckMissing}
        </p>
      )}
    </DecisionDialog>
  );
}
