import { loadConfig } from '../shared/config.ts';

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
  };
  if (json) return void process.stdout.write(`${JSON.stringify({ ok: true, ...facts })}\n`);
  process.stdout.write('The settings are right.\n');
  for (const [name, value] of Object.entries(facts)) process.stdout.write(`  ${name.padEnd(12)}${value ?? 'none'}\n`);
}
