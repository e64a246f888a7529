import type { KeyFile, Keys } from './keys.ts';
import { aboutNoAccount, type AuditTrail } from './store/audit.ts';
import type { Write } from './store/writer.ts';

/** Puts every change of the keys on record: the file is changed last in the entry's own transaction, so that neither goes without the other. */
export function recordedKeys(keys: KeyFile, write: Write, audit: AuditTrail, now: () => Date): Keys {
  function record(kind: 'key-add' | 'key-remove', message: string): void {
    audit.append(
      now().toISOString(),
      kind,
      null,
      aboutNoAccount({
        outcome: kind === 'key-add' ? 'added' : 'removed',
        success: true,
        key: 'console',
        messages: [message],
      }),
    );
  }

  return {
    ...keys,
    add: (name, scope) =>
      write(() => {
        record('key-add', `Key [${name}] of scope ${scope} may be used from now on`);
        return keys.add(name, scope, now());
      }),
    remove: (name) =>
      write(() => {
        record('key-remove', `Key [${name}] is refused from now on`);
        keys.remove(name);
      }),
  };
}
