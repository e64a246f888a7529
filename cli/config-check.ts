import { loadConfig } from '../shared/config.ts';
import type { Policy } from '../shared/policy.ts';

/** Loads the settings, which names every fault by throwing; says what was understood, without secrets. */
export function checkConfig({ json }: { json: boolean }): void {
  const { dataDir, configFile, delivery, server, policy } = loadConfig(process.env);
  const facts = {
    dataDir,
    configFile,
    address: `${server.tls ? 'https' : 'http'}://${server.host}:${server.port}`,
    delivery:
      delivery.kind === 'folder'
        ? `folder ${delivery.directory}`
        : `sftp ${delivery.username}@${delivery.host}:${delivery.port}/${delivery.directory}`,
    schedule: `${policy.schedule.cron} (${policy.schedule.timeZone})`,
    ...(policy.spendCloud.leavers === 'passive' && { names: namesTerm(policy.retention) }),
  };
  if (json) return void process.stdout.write(`${JSON.stringify({ ok: true, ...facts })}\n`);
  process.stdout.write('The settings are right.\n');
  for (const [name, value] of Object.entries(facts)) process.stdout.write(`  ${name.padEnd(12)}${value ?? 'none'}\n`);
}

/** How long names of deleted people stay: an inactive row of the persons file needs them as long as it is there. */
function namesTerm({ passiveDays, deletedPersonsDays }: Policy['retention']): string {
  const whose = 'of deleted people who are in the files:';
  if (passiveDays === null) return `${whose} kept for ever, because retention.passiveDays is null`;
  const days = Math.max(passiveDays, deletedPersonsDays);
  return `${whose} kept ${days} days, the longer of retention.passiveDays (${passiveDays}) and retention.deletedPersonsDays (${deletedPersonsDays})`;
}
