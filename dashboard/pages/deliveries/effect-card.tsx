import type { Affected, Effect } from '../../api/types.ts';
import { Card } from '../../parts/card.tsx';
import { changesNothing, EffectFigures } from '../../parts/effect-figures.tsx';
import { text } from '../../text/text.ts';
import { EffectList } from './effect-list.tsx';
import { PersonLink } from './person-link.tsx';

/** What Spend Cloud does with the files: the numbers, then who is behind them. */
export function EffectCard({ effect, who }: { effect: Effect | null; who: Affected | null }) {
  const { deliveries } = text();
  return (
    <Card title={deliveries.effectTitle}>
      {!effect && <p class="soft">{deliveries.effectNone}</p>}
      {effect && (
        <>
          <p class="small soft">{deliveries.comparedWith}</p>
          {changesNothing(effect) ? <p>{deliveries.effectSame}</p> : <EffectFigures effect={effect} />}
          {who && <Lists effect={effect} who={who} />}
        </>
      )}
    </Card>
  );
}

function Lists({ effect: { persons, roles }, who }: { effect: Effect; who: Affected }) {
  const { deliveries, words } = text();
  const { lists } = deliveries;
  const person = {
    head: deliveries.person,
    isTitle: true,
    cell: (one: { reference: string | null; key: string }) => <PersonLink reference={one.reference} name={one.key} />,
  };
  const role = {
    head: deliveries.role,
    cell: (one: Affected['rolesAdded'][number]) => roleWords(one),
  };
  const keyed = ({ key }: { key: string }) => key;
  return (
    <>
      <EffectList
        title={lists.deactivated}
        total={persons.deactivated}
        rows={who.deactivated}
        asNames
        wordsOf={keyed}
        columns={[person]}
      />
      <EffectList
        title={lists.reactivated}
        says={deliveries.reactivatedText}
        total={persons.reactivated}
        rows={who.reactivated}
        asNames
        wordsOf={keyed}
        columns={[person]}
      />
      <EffectList
        title={lists.renamed}
        total={persons.renamed}
        rows={who.renamed}
        wordsOf={({ before, after }) => `${before} ${after}`}
        columns={[
          { head: deliveries.from, isTitle: true, cell: ({ before }) => <del>{before}</del> },
          { head: deliveries.to, cell: ({ reference, after }) => <PersonLink reference={reference} name={after} /> },
        ]}
      />
      <EffectList
        title={lists.added}
        total={persons.added}
        rows={who.added}
        asNames
        wordsOf={keyed}
        columns={[person]}
      />
      <EffectList
        title={lists.changed}
        total={persons.changed}
        rows={who.changed}
        wordsOf={({ key, changes }) => [key, ...changes.flatMap(({ before, after }) => [before, after])].join(' ')}
        columns={[
          person,
          {
            head: deliveries.change,
            cell: ({ changes }) => (
              <ul class="stack-tight">
                {changes.map(({ column, before, after }) => (
                  <li key={column} class="break">
                    <span class="soft">{words.fields[column] ?? column}:</span> <del>{before || text().none}</del> →{' '}
                    <ins>{after || text().none}</ins>
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
      <EffectList
        title={lists.rolesRemoved}
        total={roles.removed}
        rows={who.rolesRemoved}
        wordsOf={(one) => `${one.key} ${roleWords(one)}`}
        columns={[person, role]}
      />
      <EffectList
        title={lists.rolesAdded}
        total={roles.added}
        rows={who.rolesAdded}
        wordsOf={(one) => `${one.key} ${roleWords(one)}`}
        columns={[person, role]}
      />
    </>
  );
}

/** The row but for the username, which stands beside it. */
function roleWords({ key, role }: Affected['rolesAdded'][number]): string {
  const values = Object.values(role).filter((value) => value !== '' && value !== key);
  return values.join(' · ');
}
