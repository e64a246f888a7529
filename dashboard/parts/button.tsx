import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps {
  icon?: IconName;
  kind?: 'primary' | 'danger' | 'quiet';
  small?: boolean;
  /** While its work is under way: the button stays where it is, and does nothing. */
  busy?: boolean;
  /** While something else must be waited for. */
  blocked?: boolean;
  submits?: boolean;
  onClick?: () => void;
  children: ComponentChildren;
}

export function Button(button: ButtonProps) {
  const { icon, kind, small = false, busy = false, blocked = false, submits = false, onClick, children } = button;
  const classes = ['button', kind && `button-${kind}`, small && 'button-small'].filter(Boolean).join(' ');
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={classes}
      aria-disabled={busy || blocked || undefined}
      onClick={(event) => {
        if (busy || blocked) event.preventDefault();
        else onClick?.();
      }}
    >
      {busy ? <span class="spinner" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
