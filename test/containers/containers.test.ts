import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBody, updateBody } from '../helpers.ts';
import { run } from './daemon.ts';
import { address, get, openScene, post, type Scene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  await scene.compose('--profile', 'server', 'build', '--quiet');
  return () => scene.stop();
});

describe('the server image', () => {
  const image = 'spendcloud-server';

  test('is under 250 MB', async () => {
    const bytes = Number(await scene.inspect(image, '{{.Size}}'));
    console.log(`spendcloud-server: ${(bytes / 1e6).toFixed(1)} MB`);
    expect(bytes).toBeLessThan(250e6);
  });

  test('runs as a user without rights, and holds nothing to build or to install with', async () => {
    expect(await scene.inspect(image, '{{.Config.User}}')).toBe('1000:1000');
    const look = 'id -u; for name in npm yarn cc gcc g++ make python3 curl; do command -v $name || true; done';
    expect(await scene.docker('run', '--rm', image, 'sh', '-c', look)).toBe('1000\n');
  });

  test('holds what runs and nothing else of the project', async () => {
    const found = await scene.docker(
      'run',
      '--rm',
      image,
      'sh',
      '-c',
      'ls /app; ls /app/node_modules/better-sqlite3/prebuilds',
    );
    expect(found.split('\n').filter(Boolean)).toEqual([
      ...['bin', 'dist', 'node_modules', 'package.json'],
      `linux-${process.arch}.node`,
    ]);
  });

  test('works on a read-only root file system by itself, with node as process 1', async () => {
    const name = 'alone';
    const quick = ['--health-interval', '1s', '--read-only', '--tmpfs', '/tmp'];
    await scene.docker('run', '--detach', '--name', name, ...quick, image);
    try {
      await expect
        .poll(() => scene.inspect(name, '{{.State.Health.Status}}'), { timeout: 60_000, interval: 500 })
        .toBe('healthy');
      expect(await scene.docker('exec', name, 'cat', '/proc/1/cmdline')).toBe('node\0/app/bin/spendcloud.js\0start\0');
      const key = await scene.docker('exec', name, 'spendcloud', 'keys', 'add', 'agent', '--scope', 'agent');
      expect(key).toContain('sc_agent_');
      await scene.docker('stop', '--time', '20', name);
      expect(await scene.inspect(name, '{{.State.ExitCode}}')).toBe('0');
    } finally {
      await scene.docker('rm', '--force', '--volumes', name);
    }
  });

  test('is unhealthy once it no longer answers', async () => {
    const name = 'silent';
    const wrong = [
      '--health-interval',
      '1s',
      '--health-retries',
      '1',
      '--health-start-period',
      '1ms',
      '--env',
      'PORT=7072',
    ];
    await scene.docker('run', '--detach', '--name', name, ...wrong, image, 'sleep', '60');
    try {
      await expect
        .poll(() => scene.inspect(name, '{{.State.Health.Status}}'), { timeout: 60_000, interval: 500 })
        .toBe('unhealthy');
    } finally {
      await scene.docker('rm', '--force', '--volumes', name);
    }
  });
});

describe('docker-compose --profile server up', () => {
  let keys: { agent: string; viewer: string; operator: string };
  const people = Array.from({ length: 30 }, (_, index) => index + 1);
  const read = (path: string) => get(path, keys.viewer);
  const act = (action: string, body: unknown) => post(`helloid/${action}`, body, { key: keys.agent });
  const operate = (path: string, body?: object) => post(path, body, { key: keys.operator });
  const delivered = () => scene.inside('sftp', 'cat', '/inbox/Users.csv');

  beforeAll(async () => {
    await scene.up('server', 'server');
    keys = await readKeys();
  });
  afterAll(() => scene.compose('--profile', 'server', 'down'));

  async function readKeys(): Promise<typeof keys> {
    const [agent, viewer, operator] = await Promise.all(
      ['agent', 'viewer', 'operator'].map((scope) => scene.inside('server', 'cat', `/run/secrets/${scope}-key`)),
    );
    return { agent: agent?.trim() ?? '', viewer: viewer?.trim() ?? '', operator: operator?.trim() ?? '' };
  }

  async function runNow(): Promise<number> {
    return ((await operate('exports')).json as { id: number }).id;
  }

  test('starts the server instead of the Functions host, locked down', async () => {
    const running = await scene.docker('ps', '--format', '{{.Label "com.docker.compose.service"}}');
    expect(running.split('\n').filter(Boolean).sort()).toEqual(['azurite', 'server', 'sftp']);
    const id = await scene.container('server');
    expect(await scene.inspect(id, '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}')).toBe('true [ALL]');
    await expect(scene.inside('server', 'touch', '/app/note')).rejects.toThrow('Read-only file system');
    await expect(scene.inside('server', 'touch', '/run/secrets/note')).rejects.toThrow('Read-only file system');
  });

  test('makes the keys on the first start, for the user of the image alone', async () => {
    expect(keys.agent).toMatch(/^sc_agent_\S{43}$/);
    expect(new Set(Object.values(keys)).size).toBe(3);
    const modes = await scene.inside(
      'server',
      'stat',
      '--format',
      '%a %u',
      '/run/secrets/agent-key',
      '/run/secrets/trial-sftp-private-key',
    );
    expect(modes).toBe('400 1000\n400 1000\n');
    expect((await get('accounts', null)).status).toBe(401);
  });

  test('a secret of the user goes in by standard input', async () => {
    const file = join(scene.project, 'own-secret');
    writeFileSync(file, 'a secret of one’s own\n');
    const stored = await scene.composeReading(file, 'run', '--rm', '-T', '--no-deps', 'prepare', 'store', 'own-secret');
    expect(stored).toContain('Stored own-secret');
    expect(await scene.inside('server', 'cat', '/run/secrets/own-secret')).toBe('a secret of one’s own\n');
  });

  test('HelloID acts, and the first delivery goes to the SFTP server once it is released', async () => {
    for (const number of people)
      expect((await act('create', createBody(number))).json).toMatchObject({ Success: true });
    expect((await act('update', updateBody('SC-1', { achternaam: "in 't Veld" }))).json).toMatchObject({
      Success: true,
    });
    const id = await runNow();
    await expect
      .poll(async () => (await read(`exports/${id}`)).json, { timeout: 30_000 })
      .toMatchObject({ state: 'held' });
    expect((await operate(`exports/${id}/release`, { by: 'test', reason: 'looked at' })).status).toBe(200);
    await expect
      .poll(async () => (await read(`exports/${id}`)).json, { timeout: 30_000 })
      .toMatchObject({ state: 'delivered' });
    const file = await delivered();
    expect(file.trimEnd().split('\r\n')).toHaveLength(people.length + 1);
    expect(file).toContain(`"in 't Veld"`);
  });

  test('a backup goes to the blob container', async () => {
    const made = JSON.parse(await scene.inside('server', 'spendcloud', 'backup', '--json')) as { blob: string };
    const { inContainer } = JSON.parse(await scene.inside('server', 'spendcloud', 'backup', '--list', '--json')) as {
      inContainer: { name: string }[];
    };
    expect(inContainer.map(({ name }) => name)).toContain(made.blob);
  });

  test('killed and made anew, the containers have everything that was answered', async () => {
    const before = await Promise.all(
      ['accounts?limit=500', 'exports', 'audit/verify'].map(async (path) => (await read(path)).text),
    );
    const file = await delivered();
    const ids = await Promise.all(['server', 'sftp'].map((service) => scene.container(service)));
    expect((await act('create', createBody(31))).json).toMatchObject({ Success: true }); // killed at once after the answer
    await scene.docker('kill', '--signal', 'KILL', ...ids);
    await scene.compose('stop', 'azurite'); // killed, it forgets its last seconds, as no storage account does
    await scene.compose('--profile', 'server', 'rm', '--force');
    expect(await scene.docker('ps', '--all', '--quiet')).toBe('');

    await scene.up('server', 'server');
    expect(await readKeys()).toEqual(keys);
    const { accounts } = (await read('accounts?limit=500')).json as { accounts: { externalId: string }[] };
    expect(accounts).toHaveLength(people.length + 1);
    expect((JSON.parse(before[0] ?? '') as { accounts: object[] }).accounts).toEqual(
      accounts.filter(({ externalId }) => externalId !== '31'),
    );
    expect((await read('exports')).text).toBe(before[1]);
    expect((await read('audit/verify')).json).toMatchObject({ ok: true });
    expect(await delivered()).toBe(file);
    expect(JSON.parse(await scene.inside('server', 'spendcloud', 'backup', '--list', '--json'))).toMatchObject({
      here: [{}],
      inContainer: [{}],
    });
  });

  test('the next delivery needs nobody: host key, login and what was delivered are known', async () => {
    const id = await runNow();
    await expect
      .poll(async () => (await read(`exports/${id}`)).json, { timeout: 30_000 })
      .toMatchObject({
        state: 'delivered',
        effect: { persons: { total: 31, added: 1, deactivated: 0 } },
      });
    expect(await delivered()).toContain('"p31"');
  });

  test('stopped in the middle of a call, the server answers it first', async () => {
    const { hostname, port } = new URL(address);
    const body = JSON.stringify(createBody(32));
    const head = [
      'POST /api/helloid/create HTTP/1.1',
      'Host: x',
      `x-functions-key: ${keys.agent}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ].join('\r\n');
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(`${head}\r\n\r\n${body.slice(0, 10)}`);
    await get('live', null); // by now the first request has reached the server, too
    const id = await scene.container('server');
    const stopped = scene.compose('--profile', 'server', 'stop', 'server');
    await expect.poll(() => scene.docker('logs', id), { timeout: 20_000 }).toContain('stopping');
    socket.write(body.slice(10));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
    await stopped;
    expect(await scene.inspect(id, '{{.State.ExitCode}}')).toBe('0');
    await scene.up('server', 'server');
    expect((await read('accounts/SC-32')).json).toMatchObject({ externalId: '32' });
  });
});

describe('docker-compose --profile test run test', () => {
  const trial = (...options: string[]) => scene.compose('--profile', 'test', 'run', '--rm', '-T', ...options, 'test');
  afterAll(() => scene.compose('--profile', 'test', 'down', '--volumes'));

  test('acts, delivers, judges and exits with 0', async () => {
    expect(await trial()).toContain('Spend Cloud is what HelloID wanted.');
  });

  test('can be run again', async () => {
    expect(await trial()).toContain('Spend Cloud is what HelloID wanted.');
  });

  test('exits with 1 when the far side holds something else', async () => {
    const spoil = 'cp /inbox/* /spoiled && sed -i 2d /spoiled/Users.csv';
    const volumes = ['--volume', 'spendcloud_trial-inbox:/inbox:ro', '--volume', 'spoiled:/spoiled'];
    await scene.docker('run', '--rm', '--user', '0', ...volumes, 'spendcloud-server', 'sh', '-c', spoil);
    await expect(trial('--volume', 'spoiled:/spoiled:ro', '-e', 'INBOX=/spoiled')).rejects.toThrow(
      /ended with 1:[^]*FAILED: after run[^]*missing: employee/,
    );
  });
});

describe('docs/docker.md', () => {
  afterAll(() => scene.compose('--profile', 'server', 'down', '--volumes'));

  test('leads from nothing to a delivered file, command by command', async () => {
    const page = readFileSync(new URL('../../docs/docker.md', import.meta.url), 'utf8');
    const part = page.slice(page.indexOf('## From nothing'), page.indexOf('5. Connect HelloID'));
    const [start, ...rest] = [...part.matchAll(/```sh\n([^]*?)```/g)].map(([, commands]) => commands ?? '');
    expect(rest).toHaveLength(3);
    // a reader is slower than a program
    const patience = 'until curl --fail --silent --output /dev/null http://127.0.0.1:7071/api/live; do sleep 1; done';
    const script = ['set -x', start, patience, ...rest].join('\n');
    const output = await scene.shell(script);
    expect(output).toContain('"AccountReference":"SC-');
    expect(output).toMatch(/Run 1 is held/);
    const rows = output.split('\n').map((line) => line.trim()); // and so without a byte order mark
    expect(rows.filter((row) => row.startsWith('"'))).toEqual([
      '"voornaam";"tussenvoegsel";"achternaam";"geslacht";"email";"gebruikersnaam";"passief"',
      '"Renée";"van den";"Brink - de Vries";"V";"rvdbrink@waterrijk-zorg.example";"rvdbrink";',
      '"Organisatorische Eenheid","Gebruikersnaam","Functieprofiel Code"',
      '"Inkoop & Facilitair","rvdbrink","INK-MED"',
      '"Thuiszorg Noord","rvdbrink","TL-ZORG"',
    ]);
  });
});

describe('the functions image', () => {
  test('holds the app that the host loads, without local settings', async () => {
    await scene.compose('--profile', 'functions', 'build', '--quiet');
    const files = await scene.docker('run', '--rm', 'spendcloud-functions', 'ls', '/home/site/wwwroot');
    expect(files.split('\n').filter(Boolean)).toEqual(['bin', 'dist', 'host.json', 'node_modules', 'package.json']);
    const load = `const { main } = require('/home/site/wwwroot/package.json'); import('/home/site/wwwroot/' + main).then(() => console.log('loaded'))`;
    expect(await scene.docker('run', '--rm', 'spendcloud-functions', 'node', '-e', load)).toMatch(/loaded\n$/);
  });

  test('runs the host itself, under a fixed id, in a zone it knows', async () => {
    expect(await scene.inspect('spendcloud-functions', '{{json .Config.Cmd}}')).toBe(
      '["/azure-functions-host/Microsoft.Azure.WebJobs.Script.WebHost"]',
    );
    expect(await scene.inspect('spendcloud-functions', '{{json .Config.Env}}')).toContain(
      'AzureFunctionsWebHost__hostid=spendcloud',
    );
    const zone = [
      '--env',
      'TZ=Europe/Amsterdam',
      'spendcloud-functions',
      'date',
      '--date',
      '2026-07-01T00:00:00Z',
      '+%H %Z',
    ];
    expect(await scene.docker('run', '--rm', ...zone)).toBe('02 CEST\n');
  });
});

test('docker-compose takes the file with every profile', async () => {
  for (const [profile, services] of Object.entries({
    functions: ['azurite', 'functions', 'prepare', 'sftp'],
    server: ['azurite', 'prepare', 'server', 'sftp'],
    test: ['azurite', 'prepare', 'sftp', 'test', 'trial'],
  })) {
    const environment = { COMPOSE_PROFILES: profile };
    const { code, output } = await run('docker-compose', ['config'], environment, scene.project);
    expect([code, output]).toEqual([0, expect.stringContaining('services:')]);
    for (const service of services) expect(output).toContain(`\n  ${service}:`);
  }
});
