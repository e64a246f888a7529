import { overview } from '../../api/overview.ts';
import { formatMoment } from '../../format.ts';
import { Card } from '../../parts/card.tsx';
import { OverviewLoading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import { text } from '../../text/text.ts';
import { BackupsCard } from './backups-card.tsx';
import { ChecksCard } from './checks-card.tsx';
import { KeysCard } from './keys-card.tsx';

/** Whether the machine has what a delivery needs. */
export function HealthPage() {
  const { health } = text();
  return (
    <Page title={health.title} lead={<p class="soft">{health.lead}</p>}>
      <div class="grid grid-wide">
        <ChecksCard />
        <div class="grid grid-top">
          <AboutCard />
          <BackupsCard />
        </div>
      </div>
      <KeysCard />
    </Page>
  );
}

function AboutCard() {
  const { health, words } = text();
  const shown = overview.value;
  if (!shown) return <OverviewLoading />;
  const { settings, version, now } = shown;
  return (
    <Card title={health.about}>
      <dl class="facts">
        <dt>{health.version}</dt>
        <dd class="number">{version}</dd>
        <dt>{health.serverTime}</dt>
        <dd>
          <time dateTime={now}>{formatMoment(now)}</time>
        </dd>
        <dt>{health.timeZone}</dt>
        <dd>{settings.timeZone}</dd>
        <dt>{text().overview.destination}</dt>
        <dd>{settings.destination}</dd>
        <dt>{health.personKey}</dt>
        <dd>{words.fields[settings.personKey]}</dd>
        <dt>{settings.personKey === 'externalId' ? health.numbers : health.usernames}</dt>
        <dd>{health.usernameRules[settings.username]}</dd>
        <dt>{health.rolesBy}</dt>
        <dd>{health.rolesBySay[settings.assignedBy]}</dd>
      </dl>
    </Card>
  );
}
