import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { agentKey, createBody, temporaryFolder, testServer } from '../helpers.ts';

const fixture = (name: string) => new URL(`../fixtures/localhost.${name}.pem`, import.meta.url).pathname;
const example = (name: string) => readFileSync(new URL(`../../docs/examples/${name}`, import.meta.url), 'utf8');

/** The example as it stands, with this test's certificate, name and address in place of the reader's. */
function filledIn(text: string, upstream: string): string {
  return text
    .replaceAll('127.0.0.1:7071', upstream)
    .replaceAll('spendcloud.example', 'localhost')
    .replaceAll('/etc/ssl/spendcloud/cert.pem', fixture('cert'))
    .replaceAll('/etc/ssl/spendcloud/key.pem', fixture('key'));
}

const proxies = {
  nginx: (upstream: string, folder: string) => {
    const site = filledIn(example('nginx.conf'), upstream).replace('/var/log/nginx', folder);
    writeFileSync(join(folder, 'site.conf'), site);
    writeFileSync(
      join(folder, 'nginx.conf'),
      `user root; pid ${folder}/pid; error_log ${folder}/error.log; events {}\nhttp { include ${folder}/site.conf; client_body_temp_path ${folder}/body; }\n`,
    );
    const options = ['-c', join(folder, 'nginx.conf')];
    return { command: 'nginx', check: ['-t', ...options], serve: [...options, '-g', 'daemon off;'] };
  },
  Caddy: (upstream: string, folder: string) => {
    // port 80, where Caddy sends people on from, is not what this is about
    const file = `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${filledIn(example('Caddyfile'), upstream)}`;
    writeFileSync(join(folder, 'Caddyfile'), file);
    const options = ['--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'];
    return { command: 'caddy', check: ['validate', ...options], serve: ['run', ...options] };
  },
};

test.each(Object.entries(proxies))(
  'the example for %s passes calls on over TLS, large ones too',
  async (_name, write) => {
    const { address, get } = await testServer();
    const folder = temporaryFolder();
    const { command, check, serve } = write(new URL(address).host, folder);
    const environment = { ...process.env, HOME: folder };
    await promisify(execFile)(command, check, { env: environment });
    const proxy = spawn(command, serve, { env: environment, stdio: 'ignore' });
    const exited = once(proxy, 'exit');
    onTestFinished(async () => {
      proxy.kill('SIGTERM');
      await exited;
    });

    const url = 'https://localhost/api/';
    const curl = (...options: string[]) =>
      promisify(execFile)('curl', ['--silent', '--show-error', '--cacert', fixture('cert'), ...options]);
    await expect.poll(async () => (await curl(`${url}live`)).stdout, { timeout: 20_000 }).toBe('{"status":"ok"}');

    const body = { ...createBody(1), Configuration: { ignored: 'x'.repeat(3_000_000) } };
    writeFileSync(join(folder, 'body.json'), JSON.stringify(body));
    const headers = ['--header', 'content-type: application/json', '--header', `x-functions-key: ${agentKey}`];
    const { stdout } = await curl(...headers, '--data-binary', `@${join(folder, 'body.json')}`, `${url}helloid/create`);
    expect(JSON.parse(stdout)).toMatchObject({ Success: true, AccountReference: 'SC-1' });
    expect((await get('accounts/SC-1')).status).toBe(200);
  },
);

test('the log of nginx holds no key', async () => {
  const { address } = await testServer();
  const folder = temporaryFolder();
  const { command, serve } = proxies.nginx(new URL(address).host, folder);
  const proxy = spawn(command, serve, { stdio: 'ignore' });
  const exited = once(proxy, 'exit');
  onTestFinished(async () => {
    proxy.kill('SIGTERM');
    await exited;
  });
  const log = () => readFileSync(join(folder, 'spendcloud.log'), 'utf8');
  const call = ['--silent', '--cacert', fixture('cert'), `https://localhost/api/accounts?code=${agentKey}`];
  await expect
    .poll(async () => (await promisify(execFile)('curl', call).catch(() => undefined))?.stdout, { timeout: 20_000 })
    .toContain('forbidden');
  await expect.poll(log).toContain('"GET /api/accounts" 403');
  expect(log()).not.toContain(agentKey);
});
