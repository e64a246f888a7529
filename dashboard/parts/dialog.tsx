import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';

interface DialogProps {
  title: string;
  /** What the button says that does it. */
  confirm: string;
  isDangerous?: boolean;
  /** While it is being done: the dialog stays, so that somebody learns what became of it. */
  isBusy: boolean;
  onClose: () => void;
  onSubmit: () => void;
  children: ComponentChildren;
}

/**
 * A modal dialog with a form and its two buttons; the browser keeps the focus inside. It goes to what is not filled in right, and when the dialog
 * closes back to where it was.
 */
export function Dialog(props: DialogProps) {
  const { title, confirm, isDangerous = false, isBusy, onClose, onSubmit, children } = props;
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      requestAnimationFrame(keepFocus);
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!isBusy) onClose();
      }}
      onClose={({ currentTarget }) => {
        // a browser closes at the second Escape without asking; when we close it, it is not in the page any more
        if (!currentTarget.isConnected || currentTarget.open) return;
        if (isBusy) currentTarget.showModal();
        else onClose();
      }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
          requestAnimationFrame(() => focusOn(element.current?.querySelector('[aria-invalid=true]'))); // once it is drawn
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div class="dialog-foot">
          <Button blocked={isBusy} onClick={onClose}>
            {text().decisions.cancel}
          </Button>
          <Button submits kind={isDangerous ? 'danger' : 'primary'} busy={isBusy}>
            {confirm}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

/** What was done may have taken the button away that asked for it: the keyboard then goes on from the head of the page. */
function keepFocus(): void {
  if (document.activeElement === document.body) focusOn(document.querySelector('#main h1'));
}

function focusOn(found: Element | null | undefined): void {
  if (found instanceof HTMLElement) found.focus();
}
