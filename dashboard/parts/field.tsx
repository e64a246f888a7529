import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string;
  error?: string | null;
  type?: keyof typeof inputs;
  autoComplete?: string;
}

interface Shared {
  id: string;
  value: string;
  autoComplete: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
  onInput: (event: { currentTarget: { value: string } }) => void;
}

// of what the server takes; it counts characters, and the browser none as less than one
const maxLength = 200;

const inputs = {
  text: (shared: Shared) => <input type="text" maxLength={maxLength} {...shared} />,
  password: (shared: Shared) => <input type="password" {...shared} />,
  date: (shared: Shared) => <input type="date" {...shared} />,
  textarea: (shared: Shared) => <textarea rows={3} maxLength={maxLength} {...shared} />,
};

/** A labelled input; what is wrong with it stands below and is tied to it. */
export function Field({ label, value, onInput, hint, error = null, type = 'text', autoComplete = 'off' }: FieldProps) {
  const id = useId();
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const shared = {
    id,
    value,
    autoComplete,
    'aria-describedby': notes || undefined,
    'aria-invalid': error ? ('true' as const) : undefined,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {inputs[type](shared)}
      {hint && (
        <p id={`${id}-hint`} class="field-hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} class="field-error">
          <Icon name="bad" />
          {error}
        </p>
      )}
    </div>
  );
}
