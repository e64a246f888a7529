import { useId, useState } from 'preact/hooks';
import type { AccountDetail } from '../../api/types.ts';
import { DecisionDialog } from '../../parts/decision-dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { text } from '../../text/text.ts';
import { nameOf } from './person.ts';

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
  if (decision === 'accept-username') return <AcceptDialog person={person} onClose={onClose} onDone={onDone} />;
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
      path={`accounts/${encodeURIComponent(person.reference)}/${decision}`}
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

/** Says what Spend Cloud makes of another username before it is let into the files. */
function AcceptDialog({ person, onClose, onDone }: Omit<PersonDialogProps, 'decision'>) {
  const [isSure, setSure] = useState(false);
  const [wasAsked, setAsked] = useState(false);
  const id = useId();
  const { people, none } = text();
  const { reference, pendingUsername, pendingExternalId, delivered, email } = person;
  const after = pendingUsername ?? pendingExternalId ?? '';
  const before = (pendingUsername === null ? delivered?.externalId : delivered?.gebruikersnaam) ?? '';
  return (
    <DecisionDialog<AccountDetail>
      path={`accounts/${encodeURIComponent(reference)}/accept-username`}
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
        <p class="small break">{people.acceptWarningText(email ?? none)}</p>
      </Notice>
      <label class="check">
        <input
          type="checkbox"
          checked={isSure}
          aria-describedby={wasAsked && !isSure ? id : undefined}
          onChange={({ currentTarget }) => setSure(currentTarget.checked)}
        />
        {people.acceptCheck}
      </label>
      {wasAsked && !isSure && (
        <p id={id} class="field-error">
          {people.acceptCheckMissing}
        </p>
      )}
    </DecisionDialog>
  );
}
