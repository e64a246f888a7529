import type { Effect } from '../api/types.ts';
import { formatNumber } from '../format.ts';
import { text } from '../text/text.ts';

/** The numbers of an effect: those that are nothing made quiet, and who gets in or is locked out in a tone of its own. */
export function EffectFigures({ effect: { persons, roles } }: { effect: Effect }) {
  const { effect } = text().words;
  const figures = [
    [effect.added, persons.added],
    [effect.reactivated, persons.reactivated, 'is-let-in'],
    [effect.deactivated, persons.deactivated, 'is-locked-out'],
    [effect.renamed, persons.renamed],
    [effect.changed, persons.changed],
    [effect.rolesAdded, roles.added],
    [effect.rolesRemoved, roles.removed],
  ] as const;
  return (
    <dl class="figures">
      {figures.map(([name, count, tone]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={count === 0 ? 'is-zero' : tone}>{formatNumber(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Whether Spend Cloud would have nothing to do. */
export function changesNothing({ persons, roles }: Effect): boolean {
  const { added, reactivated, deactivated, renamed, changed } = persons;
  return [added, reactivated, deactivated, renamed, changed, roles.added, roles.removed].every((count) => count === 0);
}

/** The effect on one line: `+3 −1 ~12, roles +4`. */
export function effectWords({ persons, roles }: Effect): string {
  const { words, deliveries } = text();
  const counts = [
    [persons.added, words.effect.added],
    [persons.reactivated, words.effect.reactivated],
    [persons.deactivated, words.effect.deactivated],
    [persons.renamed, words.effect.renamed],
    [persons.changed, words.effect.changed],
    [roles.added, roles.added === 1 ? words.effect.roleAdded : words.effect.rolesAdded],
    [roles.removed, roles.removed === 1 ? words.effect.roleRemoved : words.effect.rolesRemoved],
  ] as const;
  const parts = counts.flatMap(([count, word]) => (count > 0 ? [`${formatNumber(count)} ${word}`] : []));
  return parts.join(', ') || deliveries.noEffect;
}
