import { useEffect, useState } from 'preact/hooks';
import { ask, type Failure } from './api/client.ts';
import type { Overview } from './api/types.ts';
import { Switches } from './frame/switches.tsx';
import { Button } from './parts/button.tsx';
import { Field } from './parts/field.tsx';
import { Icon } from './parts/icon.tsx';
import { FailureNotice, Notice } from './parts/notice.tsx';
import { markArrival } from './route.ts';
import { endedBecause, signIn } from './session.ts';
import { text } from './text/text.ts';

/** Asks for a key, and finds out what it may do. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<'missing' | Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { signIn: words, brand, brandFor } = text();
  useEffect(() => {
    document.title = `${words.title} · ${brand}`;
  }, [words, brand]);

  async function enter(): Promise<void> {
    if (isBusy) return;
    if (key.trim() === '') {
      setProblem('missing');
      return;
    }
    setBusy(true);
    const answered = await ask<Overview>('overview', { key: key.trim() });
    setBusy(false);
    if (!answered.ok) {
      setProblem(answered.failure);
      return;
    }
    markArrival();
    signIn({ key: key.trim(), ...answered.value.me });
  }

  const error = errorOf(problem);
  return (
    <main class="sign-in">
      <form
        class="sign-in-card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <div class="brand">
          <span class="brand-mark">
            <Icon name="brand" />
          </span>
          <span>
            {brand}
            <small>{brandFor}</small>
          </span>
        </div>
        <div class="stack-tight">
          <h1>{words.title}</h1>
          <p class="soft">{words.lead}</p>
        </div>
        {endedBecause.value && <Notice tone="warn" title={words.ended} />}
        <Field label={words.key} hint={words.hint} type="password" value={key} onInput={setKey} error={error} />
        <div role="alert">{problem && problem !== 'missing' && !error && <FailureNotice failure={problem} />}</div>
        <Button submits kind="primary" busy={isBusy}>
          {words.submit}
        </Button>
      </form>
      <Switches />
    </main>
  );

  function errorOf(found: typeof problem): string | null {
    if (found === 'missing') return words.missing;
    if (found?.kind !== 'refused') return null;
    if (found.status === 401) return words.wrong;
    return found.status === 403 ? words.agent : null;
  }
}
