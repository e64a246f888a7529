import { useId } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { text } from '../../text/text.ts';
import { emptyFilter, isEmpty, type AuditFilter } from './filter.ts';

interface AuditFiltersProps {
  filter: AuditFilter;
  change: (filter: AuditFilter) => void;
}

/** Narrows the trail while somebody types. */
export function AuditFilters({ filter, change }: AuditFiltersProps) {
  const id = useId();
  const { audit, words } = text();
  const set = (part: Partial<AuditFilter>) => change({ ...filter, ...part });
  return (
    <div class="filters" role="search" aria-label={audit.apply}>
      <Field label={audit.reference} value={filter.reference} onInput={(reference) => set({ reference })} />
      <Field label={audit.externalId} value={filter.externalId} onInput={(externalId) => set({ externalId })} />
      <div class="field">
        <label for={id}>{audit.action}</label>
        <select id={id} value={filter.action} onChange={({ currentTarget }) => set({ action: currentTarget.value })}>
          <option value="">{audit.anyAction}</option>
          {Object.entries(words.kinds).map(([kind, word]) => (
            <option key={kind} value={kind}>
              {word}
            </option>
          ))}
        </select>
      </div>
      <Field label={audit.from} type="date" value={filter.from} onInput={(from) => set({ from })} />
      <Field label={audit.to} type="date" value={filter.to} onInput={(to) => set({ to })} />
      {!isEmpty(filter) && (
        <Button icon="close" onClick={() => change(emptyFilter)}>
          {audit.clear}
        </Button>
      )}
    </div>
  );
}
