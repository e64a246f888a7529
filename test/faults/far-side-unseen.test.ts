import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runNow, type RunJson } from '../actions.ts';
import { createBody, testServer, updateBody, type TestServer } from '../helpers.ts';
import { cut, startSsh2Server, status, type Request, type Ssh2Server } from '../ssh2-server.ts';

const why = { by: 'Fenna', reason: 'looked there' };

interface Scene {
  server: TestServer;
  far: Ssh2Server;
  /** Somebody is hired, and a run is made; a first time is released. */
  deliver(number: number): Promise<RunJson>;
}

async function aScene(
  delivery: object,
  misbehave: (request: Request, far: () => Ssh2Server) => boolean,
): Promise<Scene> {
  const far: Ssh2Server = await startSsh2Server({ misbehave: (request) => misbehave(request, () => far) });
  onTestFinished(() => far.stop());
  const environment = {
    ...{ SFTP_HOST: '127.0.0.1', SFTP_PORT: String(far.port), SFTP_HOST_KEY: far.fingerprint },
    ...{ SFTP_USERNAME: 'spend', SFTP_PASSWORD: 'secret' },
  };
  const server = await testServer({ environment, policy: { delivery } });
  return {
    server,
    far,
    async deliver(number) {
      await server.post('helloid/create', createBody(number));
      const run = await runNow(server);
      if (!run.reasons.some((reason) => reason.includes('first delivery'))) return run;
      await server.post(`exports/${run.id}/release`, why);
      await server.app.daily.settled();
      return (await server.get(`exports/${run.id}`)).json;
    },
  };
}

function refuse({ name, id, sftp }: Request, ...names: Request['name'][]): boolean {
  if (names.includes(name)) sftp.status(id, status.PERMISSION_DENIED);
  return names.includes(name);
}

const unseen = ({ findings }: RunJson) => findings.filter(({ code }) => code === 'far-side-unseen');

test.each([
  ['the server refuses it', { verify: 'size' }, (request: Request) => refuse(request, 'STAT', 'OPENDIR', 'READ')],
  ['delivery.verify is "none"', { verify: 'none' }, () => false],
])('where %s, the run goes, and one finding says that nobody looks', async (_, delivery, misbehave) => {
  const { far, deliver } = await aScene(delivery, misbehave);
  const first = await deliver(1);
  expect(first.state).toBe('delivered');
  expect(unseen(first)).toHaveLength(1);
  writeFileSync(join(far.directory, 'Users.csv'), 'theirs');
  const next = await deliver(2);
  expect(next.state).toBe('delivered');
  expect(unseen(next)).toEqual(unseen(first)); // since the first of them
  expect(readFileSync(join(far.directory, 'Users.csv'), 'utf8')).toContain('"p2"');
});

test('the finding goes once the names may be looked at again', async () => {
  let isShut = true;
  const { deliver } = await aScene({ verify: 'size' }, (request) => isShut && refuse(request, 'STAT', 'OPENDIR'));
  expect(unseen(await deliver(1))).toHaveLength(1);
  isShut = false;
  await deliver(2);
  expect(unseen(await deliver(3))).toEqual([]);
});

test('a listing is enough to see that somebody else wrote there, and content is read only where the size fits', async () => {
  const { far, deliver } = await aScene({}, (request) => refuse(request, 'STAT'));
  expect((await deliver(1)).state).toBe('delivered');
  const ours = readFileSync(join(far.directory, 'Users.csv'));
  far.requests.length = 0;
  writeFileSync(join(far.directory, 'Users.csv'), 'theirs');
  expect(await deliver(2)).toMatchObject({
    state: 'held',
    reasons: [expect.stringMatching(/^Somebody else wrote there: Users\.csv of 20\S+Z with 6 bytes/)],
  });
  expect(far.requests).not.toContain('READ Users.csv');
  expect(far.requests).toContain('READ Roles.csv');

  writeFileSync(join(far.directory, 'Users.csv'), Buffer.from(ours.toString().replace('Anna', 'Bram')));
  expect(await deliver(3)).toMatchObject({ state: 'held' }); // as many bytes
  writeFileSync(join(far.directory, 'Users.csv'), ours);
  expect(await deliver(4)).toMatchObject({ state: 'delivered' });
});

test('half a file that our own attempt left, where files are written in place, holds nothing', async () => {
  let writes = Infinity;
  const { server, far, deliver } = await aScene({ rename: 'none' }, (request) => {
    if (request.name !== 'WRITE' || writes-- > 0) return false;
    cut(request.connection);
    return true;
  });
  expect((await deliver(1)).state).toBe('delivered');
  writes = 0;
  const failed = await deliver(2);
  expect(failed.state).toBe('failed');
  expect(readFileSync(join(far.directory, 'Users.csv'), 'utf8')).toBe('');
  writes = Infinity;
  await server.post(`exports/${failed.id}/retry`, why);
  await server.app.daily.settled();
  expect((await server.get(`exports/${failed.id}`)).json).toMatchObject({ state: 'delivered' });
});

/** Nobody may look, and the answer to the last rename of a run is lost: it has arrived, and nobody can know. */
async function arrivedUnseen(): Promise<Scene & { lost: RunJson }> {
  let isCut = false;
  let isDown = false;
  const scene = await aScene({ verify: 'none' }, (request, far) => {
    if (isDown) cut(request.connection);
    if (isDown) return true;
    if (!isCut || request.name !== 'RENAME' || request.to !== 'Roles.csv') return false;
    isDown = true;
    renameSync(join(far().directory, request.path), join(far().directory, request.to));
    cut(request.connection);
    return true;
  });
  await scene.deliver(1);
  isCut = true;
  const lost = await scene.deliver(2);
  expect(lost.state).toBe('failed');
  [isCut, isDown] = [false, false];
  return { ...scene, lost };
}

test('a run that may have arrived where nobody may look is sent again', async () => {
  const { server, lost } = await arrivedUnseen();
  await server.post(`exports/${lost.id}/retry`, why);
  await server.app.daily.settled();
  expect((await server.get(`exports/${lost.id}`)).json).toMatchObject({
    state: 'delivered',
    attempts: [
      { error: expect.stringContaining('does not tell whether the files arrived') as string },
      { error: null },
    ],
  });
});

test('a run that may have arrived where nobody may look is a base of the next one', async () => {
  const { server, lost } = await arrivedUnseen();
  await server.post('helloid/delete', updateBody('SC-2', null));
  expect(await runNow(server)).toMatchObject({ effect: { persons: { deactivated: 1, added: 0 } } });
  expect((await server.get(`exports/${lost.id}`)).json).toMatchObject({ attempts: [{ finishedAt: null }] });
});
