import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ask, type Failure } from '../api/client.ts';
import { text } from '../text/text.ts';
import { announce } from './announce.tsx';
import { Dialog } from './dialog.tsx';
import { draftOf, forget, keep, nameOfDecider, rememberDecider } from './drafts.ts';
import { Field } from './field.tsx';
import { FailureNotice } from './notice.tsx';

export interface DecisionProps<Value> {
  /** Below `/api`; gets `{ by, reason }`. */
  path: string;
  /** What the body holds besides. */
  more?: object;
  title: string;
  /** What the button says; repeats what will happen. */
  confirm: string;
  isDangerous?: boolean;
  /** Whether something else must be done or ticked first. */
  isBlocked?: boolean;
  /** Somebody pressed the button, perhaps too early. */
  onAsk?: () => void;
  /** What is said when it is done. */
  done: string;
  onDone: (value: Value) => void;
  onClose: () => void;
  /** What is decided, with its numbers. */
  children: ComponentChildren;
}

/** Asks who decides and why, and carries it out. What was typed stays: after a failure, while the page behind it changes, and when the dialog is closed. */
export function DecisionDialog<Value>(decision: DecisionProps<Value>) {
  const {
    path,
    more,
    title,
    confirm,
    isDangerous = false,
    isBlocked = false,
    onAsk,
    done,
    onDone,
    onClose,
    children,
  } = decision;
  const [by, setBy] = useState(nameOfDecider());
  const [reason, setReason] = useState(draftOf(path));
  const [wasAsked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { decisions } = text();

  async function decide(): Promise<void> {
    setAsked(true);
    onAsk?.();
    if (isBusy || isBlocked || by.trim() === '' || reason.trim() === '') return;
    setBusy(true);
    const body = { ...more, by: by.trim(), reason: reason.trim() };
    const answered = await ask<Value>(path, { method: 'POST', body });
    setBusy(false);
    if (!answered.ok) {
      setFailure(answered.failure);
      return;
    }
    forget(path);
    rememberDecider(by.trim());
    announce(done);
    onClose();
    onDone(answered.value);
  }

  return (
    <Dialog {...{ title, confirm, isDangerous, isBusy, onClose }} onSubmit={() => void decide()}>
      {children}
      <Field
        label={decisions.by}
        value={by}
        onInput={(next) => {
          rememberDecider(next);
          setBy(next);
        }}
        autoComplete="name"
        error={wasAsked && by.trim() === '' ? decisions.byMissing : null}
      />
      <Field
        label={decisions.reason}
        hint={decisions.reasonHint}
        type="textarea"
        value={reason}
        onInput={(next) => {
          keep(path, next);
          setReason(next);
        }}
        error={wasAsked && reason.trim() === '' ? decisions.reasonMissing : null}
      />
      <div role="alert">{failure && <FailureNotice failure={failure} />}</div>
    </Dialog>
  );
}
