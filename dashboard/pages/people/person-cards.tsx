import { Fragment } from 'preact';
import { overview } from '../../api/overview.ts';
import type { AccountDetail, Role } from '../../api/types.ts';
import { formatAgo, formatCalendarDay, formatMoment, formatNumber } from '../../format.ts';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { addressOf } from '../../route.ts';
import { text } from '../../text/text.ts';

const shownElsewhere = ['reference', 'enabled', 'roles', 'createdAt', 'changedAt', 'touchedAt', 'deletedAt'];
const notData = [...shownElsewhere, 'delivered', 'pendingUsername', 'pendingExternalId', 'history'];

/** The person's fields, also those that the settings add. */
export function IdentityCard({ person }: { person: AccountDetail }) {
  const { people, words, none } = text();
  const fields = Object.entries(person).filter(([name]) => !notData.includes(name)) as [string, string | null][];
  const moments = [
    [people.created, person.createdAt],
    [people.changed, person.changedAt],
  ] as const;
  return (
    <Card title={people.identity}>
      <dl class="facts">
        {fields.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{words.fields[name] ?? name}</dt>
            <dd>{value === null || value === '' ? none : value}</dd>
          </Fragment>
        ))}
        <dt>{people.reference}</dt>
        <dd>{person.reference}</dd>
        {moments.map(([word, at]) => (
          <Fragment key={word}>
            <dt>{word}</dt>
            <dd>
              <time dateTime={at}>{formatMoment(at)}</time>
            </dd>
          </Fragment>
        ))}
        <dt>{people.touched}</dt>
        <dd>
          <time dateTime={person.touchedAt}>{formatAgo(person.touchedAt)}</time>
        </dd>
      </dl>
    </Card>
  );
}

/** What Spend Cloud knows the person by. */
export function DeliveredCard({ person }: { person: AccountDetail }) {
  const { people } = text();
  const { delivered } = person;
  if (!delivered)
    return (
      <Card title={people.delivered}>
        <p class="soft">{people.neverDelivered}</p>
      </Card>
    );
  const isByNumber = overview.value?.settings.personKey === 'externalId';
  const note = inactiveNote(person);
  return (
    <Card title={people.delivered}>
      <dl class="facts">
        <dt>{people.deliveredAs}</dt>
        <dd>{isByNumber ? `${delivered.externalId} (${delivered.gebruikersnaam})` : delivered.gebruikersnaam}</dd>
        <dt>{people.deliveredSince}</dt>
        <dd>
          <time dateTime={delivered.since}>{formatMoment(delivered.since)}</time>{' '}
          <a href={addressOf({ page: 'deliveries', run: String(delivered.run) })}>
            {people.deliveredRun(delivered.run)}
          </a>
        </dd>
        {delivered.inactiveSince !== null && (
          <>
            <dt>{people.toldInactive}</dt>
            <dd>
              <time dateTime={delivered.inactiveSince}>{formatMoment(delivered.inactiveSince)}</time>
            </dd>
          </>
        )}
      </dl>
      {note !== null && <p class="small soft">{note}</p>}
    </Card>
  );
}

/** What the files say, or will say, of whether a person who was delivered is active. */
function inactiveNote({ delivered, enabled, deletedAt }: AccountDetail): string | null {
  const { people } = text();
  const isTold = delivered !== null && delivered.inactiveSince !== null;
  if (enabled && deletedAt === null) return isTold ? people.toldInactiveBefore : null;
  if (overview.value?.settings.leavers !== 'passive') return null;
  return isTold ? people.toldInactiveText : people.toBeTold;
}

export function RolesCard({ roles }: { roles: readonly Role[] }) {
  const { people, words } = text();
  return (
    <Card title={people.rolesTitle} aside={<span class="soft number">{formatNumber(roles.length)}</span>}>
      {roles.length === 0 ? (
        <p class="soft">{people.rolesNone}</p>
      ) : (
        <DataTable
          caption={people.rolesTitle}
          rows={roles}
          keyOf={(_role, index) => index}
          columns={[
            { head: people.unit, isTitle: true, cell: ({ ou, oucode }) => <Named name={ou} code={oucode} /> },
            { head: people.profile, cell: ({ functie, functiecode }) => <Named name={functie} code={functiecode} /> },
            { head: people.contract, cell: ({ contract }) => <span class="break">{contract}</span> },
            { head: people.period, cell: (role) => <span class="nowrap">{periodOf(role)}</span> },
            { head: people.from, cell: ({ assignedBy }) => words.owners[assignedBy] },
          ]}
        />
      )}
    </Card>
  );
}

function Named({ name, code }: { name: string | null; code: string | null }) {
  return (
    <span class="break">
      {name ?? code}
      {name !== null && code !== null && name !== code && <span class="soft small"> {code}</span>}
    </span>
  );
}

function periodOf({ startDate, endDate }: Role): string {
  const { people } = text();
  if (startDate === null && endDate === null) return '';
  const day = (date: string | null) => (date === null ? people.open : formatCalendarDay(date));
  return people.until(day(startDate), day(endDate));
}
