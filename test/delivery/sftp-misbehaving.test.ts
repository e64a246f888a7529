import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { newKeyPair } from '../../demo/sftp-server.ts';
import { sftpDelivery, type SftpSettings } from '../../shared/delivery/sftp.ts';
import { cut, startSsh2Server, status, type Request, type Ssh2Server, type Ssh2ServerOptions } from '../ssh2-server.ts';
import { aShipment, contentsAfter, contentsOf } from './shipment.ts';

vi.setConfig({ testTimeout: 30_000 });

async function aServer(options: Ssh2ServerOptions | Ssh2ServerOptions['misbehave'] = {}): Promise<Ssh2Server> {
  const server = await startSsh2Server(typeof options === 'function' ? { misbehave: options } : options);
  onTestFinished(() => server.stop());
  return server;
}

function settingsFor(server: Ssh2Server, more: Partial<SftpSettings> = {}): SftpSettings {
  return {
    host: '127.0.0.1',
    port: server.port,
    username: 'spend',
    password: 'secret',
    directory: '.',
    hostKeys: [server.fingerprint],
    rename: 'posix',
    verify: 'content',
    deadlineSeconds: 20,
    ...more,
  };
}

test('without posix-rename the plain rename of SFTP is used', async () => {
  const server = await aServer();
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
  expect(server.requests.filter((request) => request.startsWith('RENAME'))).toEqual([
    'RENAME .Users.csv.1.partial',
    'RENAME .Roles.csv.1.partial',
  ]);
});

test('both files are sent and proven before either gets its name', async () => {
  const server = await aServer();

  await sftpDelivery(settingsFor(server)).deliver(aShipment());

  const firstRename = server.requests.findIndex((request) => request.startsWith('RENAME'));
  const lastRead = server.requests.findLastIndex((request) => request.startsWith('READ '));
  expect(server.requests.slice(0, firstRename)).toContain('READ .Roles.csv.1.partial');
  expect(lastRead).toBeLessThan(firstRename);
});

test('a server that does not overwrite by renaming is refused with the choices, and "remove-first" delivers to it', async () => {
  const server = await aServer((request) => refuseOverwriting(request, server.directory));
  writeFileSync(join(server.directory, 'Users.csv'), 'old');
  const before = contentsOf(server.directory);
  const shipment = aShipment();

  await expect(sftpDelivery(settingsFor(server)).deliver(shipment)).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringMatching(/delivery\.rename: "plain".*"remove-first".*"none"/) as string,
  });
  expect(contentsOf(server.directory)).toEqual(before);

  await sftpDelivery(settingsFor(server, { rename: 'remove-first' })).deliver(shipment);
  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

test('when the second file cannot be replaced, the message says that the first one was delivered', async () => {
  const server = await aServer((request) => refuseOverwriting(request, server.directory));
  writeFileSync(join(server.directory, 'Roles.csv'), 'old');

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-unknown',
    message: expect.stringContaining('Delivered before that: Users.csv.') as string,
  });

  expect(Object.keys(contentsOf(server.directory)).sort()).toEqual(['Roles.csv', 'Users.csv']);
});

test('a server that cannot rename at all gets the files in place with "none"', async () => {
  const server = await aServer((request) => refuse(request, 'RENAME', status.OP_UNSUPPORTED));
  const shipment = aShipment();

  await expect(sftpDelivery(settingsFor(server)).deliver(shipment)).rejects.toMatchObject({ code: 'delivery-failed' });
  await sftpDelivery(settingsFor(server, { rename: 'none' })).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

test('a file written in place and fetched before it was looked at counts as delivered', async () => {
  const server = await aServer((request) => {
    if (request.name === 'STAT' && request.path === 'Users.csv') rmSync(join(server.directory, request.path));
    return false;
  });

  await sftpDelivery(settingsFor(server, { rename: 'none' })).deliver(aShipment());

  expect(Object.keys(contentsOf(server.directory))).toEqual(['Roles.csv']);
});

test('half a file written in place is removed when the rest cannot be sent', async () => {
  let writes = 0;
  const server = await aServer(
    (request) => request.name === 'WRITE' && ++writes > 3 && refuse(request, 'WRITE', status.FAILURE),
  );

  await expect(sftpDelivery(settingsFor(server, { rename: 'none' })).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('could not keep Users.csv') as string,
  });

  expect(contentsOf(server.directory)).toEqual({});
});

test('a server that lets nothing be read back is refused with the setting to change, which then delivers', async () => {
  const server = await aServer((request) => refuse(request, 'READ', status.PERMISSION_DENIED));
  const shipment = aShipment();

  await expect(sftpDelivery(settingsFor(server)).deliver(shipment)).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('set delivery.verify to "size"') as string,
  });
  expect(contentsOf(server.directory)).toEqual({});

  await sftpDelivery(settingsFor(server, { verify: 'size' })).deliver(shipment);
  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

test('a file that arrives with a wrong byte is sent again, now with one write at a time', async () => {
  const unanswered: number[][] = [];
  const server = await aServer((request) => {
    if (!request.path.includes('Roles')) return false;
    if (request.name === 'OPEN') unanswered.push([]);
    if (request.name !== 'WRITE') return false;
    unanswered.at(-1)?.push(request.unanswered);
    if (unanswered.length === 1) spoil(request);
    return false;
  });
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
  const [first = [], , second = []] = unanswered; // opened to write, to read back, to write again
  expect(Math.max(...first)).toBeGreaterThan(0);
  expect(Math.max(...second)).toBe(0);
});

test('a file that keeps arriving with a wrong byte replaces nothing', async () => {
  const server = await aServer((request) => {
    if (request.name === 'WRITE' && request.path.includes('Roles')) spoil(request);
    return false;
  });
  writeFileSync(join(server.directory, 'Users.csv'), 'old');
  const before = contentsOf(server.directory);

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('holds something else than the 100001 bytes of Roles.csv') as string,
  });

  expect(contentsOf(server.directory)).toEqual(before);
});

test('a file that arrives too short is not taken, also where only the size can be looked at', async () => {
  const server = await aServer(
    (request) => request.data.length < 32_768 && refuse(request, 'WRITE', status.OK), // the last piece, thrown away
  );

  await expect(sftpDelivery(settingsFor(server, { verify: 'size' })).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('holds something else') as string,
  });

  expect(contentsOf(server.directory)).toEqual({});
});

test.each(['WRITE', 'STAT', 'RENAME'] as const)(
  'a server that stops answering at a %s is given up at the deadline',
  async (name) => {
    const server = await aServer((request) => request.name === name);

    await expect(
      sftpDelivery(settingsFor(server, { deadlineSeconds: 0.5 })).deliver(aShipment()),
    ).rejects.toMatchObject({
      code: name === 'RENAME' ? 'delivery-unknown' : 'delivery-failed', // asked for, only the far side knows
      message: expect.stringContaining('did not finish within 0.5 seconds') as string,
    });
  },
);

test('the message at the deadline says when only one file has its name', async () => {
  const server = await aServer((request) => request.name === 'RENAME' && request.to === 'Roles.csv');

  await expect(sftpDelivery(settingsFor(server, { deadlineSeconds: 2 })).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-unknown',
    message: expect.stringMatching(
      /giving Roles\.csv its name.*Delivered before that: Users\.csv\. The next try looks first/,
    ) as string,
  });
});

test('where STAT is refused, what was sent is proven by reading it back', async () => {
  const server = await aServer(
    (request) =>
      refuse(request, 'STAT', status.PERMISSION_DENIED) || refuse(request, 'OPENDIR', status.PERMISSION_DENIED),
  );
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
  expect(server.requests).toContain('READ .Users.csv.1.partial');
});

test('where STAT and reading are refused, the size of a listing proves what was sent', async () => {
  let isShort = true;
  const server = await aServer((request) => {
    if (isShort && request.data.length < 32_768 && refuse(request, 'WRITE', status.OK)) return true; // thrown away
    return refuse(request, 'STAT', status.FAILURE) || refuse(request, 'READ', status.PERMISSION_DENIED);
  });
  const delivery = sftpDelivery(settingsFor(server, { verify: 'size' }));
  await expect(delivery.deliver(aShipment())).rejects.toMatchObject({ code: 'delivery-failed' });

  isShort = false;
  const shipment = aShipment();
  await delivery.deliver(shipment);
  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

/** A drop folder: nothing may be looked at. */
function refuseToShow(request: Request): boolean {
  return (['STAT', 'OPENDIR', 'READ'] as const).some((name) => refuse(request, name, status.PERMISSION_DENIED));
}

test('a server that lets us look at nothing is refused with the settings to change, which deliver', async () => {
  const server = await aServer(refuseToShow);

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringMatching(/delivery\.verify to "size", or to "none"/) as string,
  });
  expect(contentsOf(server.directory)).toEqual({});

  for (const verify of ['size', 'none'] as const)
    for (const rename of ['posix', 'none'] as const) {
      const shipment = aShipment();
      await sftpDelivery(settingsFor(server, { verify, rename })).deliver(shipment);
      expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
    }
});

test('with "none" nothing is asked about a file, and a lost answer to a rename is asked for again', async () => {
  let cuts = 1;
  const server = await aServer((request) => {
    if (request.name !== 'RENAME' || cuts-- <= 0) return false;
    renameSync(join(server.directory, request.path), join(server.directory, request.to));
    cut(request.connection);
    return true;
  });
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server, { verify: 'none' })).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
  expect(server.requests.filter((request) => /^(?:STAT|READ) /.test(request))).toEqual([]);
});

test.each(['PERMISSION_DENIED', 'FAILURE'] as const)(
  'a server that refuses the temporary’s name with %s leads to the setting that writes in place',
  async (code) => {
    const server = await aServer(
      (request) => request.path.endsWith('.partial') && refuse(request, 'OPEN', status[code]),
    );

    await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringMatching(/the name \.Users\.csv\.1\.partial.*delivery\.rename to "none"/) as string,
    });

    const shipment = aShipment();
    await sftpDelivery(settingsFor(server, { rename: 'none' })).deliver(shipment);
    expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
  },
);

test('a server that never answers the tidying up changes nothing about a delivery that happened', async () => {
  const server = await aServer((request) => request.name === 'OPENDIR');
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server, { deadlineSeconds: 3 })).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

test('a server that refuses listing and removing still gets its files', async () => {
  const server = await aServer(
    (request) =>
      refuse(request, 'OPENDIR', status.PERMISSION_DENIED) || refuse(request, 'REMOVE', status.PERMISSION_DENIED),
  );
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

test.each(['Users.csv', 'Roles.csv'])(
  'a rename to %s whose answer is lost is looked at, and not asked twice',
  async (name) => {
    const server = await aServer((request) => {
      if (request.name !== 'RENAME' || request.to !== name) return false;
      renameSync(join(server.directory, request.path), join(server.directory, request.to));
      cut(request.connection);
      return true;
    });
    const shipment = aShipment();

    await sftpDelivery(settingsFor(server)).deliver(shipment);

    expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
    expect(server.requests.filter((request) => request.startsWith('RENAME'))).toHaveLength(2);
  },
);

test('a rename that was lost before it was done is asked again', async () => {
  let lost = 0;
  const server = await aServer((request) => {
    if (request.name !== 'RENAME' || lost++ > 0) return false;
    cut(request.connection);
    return true;
  });
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
  expect(server.requests.filter((request) => request.startsWith('RENAME'))).toHaveLength(3);
});

test('a rename that the server did only after we had looked is not taken for a failure', async () => {
  let asked = 0;
  const server = await aServer((request) => {
    if (request.name !== 'RENAME' || request.to !== 'Users.csv') return false;
    asked += 1;
    if (asked === 1) cut(request.connection);
    else renameSync(join(server.directory, request.path), join(server.directory, request.to)); // the first one, late
    return asked === 1;
  });
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(asked).toBe(2);
  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

test('a file that was fetched and removed before its rename was answered counts as delivered', async () => {
  const server = await aServer((request) => {
    if (request.name !== 'RENAME' || request.to !== 'Users.csv') return false;
    rmSync(join(server.directory, request.path));
    cut(request.connection);
    return true;
  });
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(Object.keys(contentsOf(server.directory))).toEqual(['Roles.csv']);
});

test('a temporary that is taken away before its rename was asked does not count as delivered', async () => {
  const server = await aServer((request) => {
    if (request.name === 'RENAME') rmSync(join(server.directory, request.path));
    return false;
  });

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('lost Users.csv before it had its name') as string,
  });

  expect(contentsOf(server.directory)).toEqual({});
});

test('when another program puts its own file there before the answer is lost, nobody knows who got ours', async () => {
  const server = await aServer((request) => {
    if (request.name !== 'RENAME') return false;
    rmSync(join(server.directory, request.path));
    writeFileSync(join(server.directory, request.to), 'theirs');
    cut(request.connection);
    return true;
  });

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-unknown',
    message: expect.stringContaining('not what we just put there') as string,
  });
});

test('a connection that ends by itself between two requests fails the delivery', async () => {
  const server = await aServer((request) => {
    if (request.name === 'CLOSE') request.connection.end();
    return false;
  });

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('broke the connection while') as string,
  });
});

test('an SFTP channel that is closed under an open connection fails the delivery at once', async () => {
  const server = await aServer((request) => {
    if (request.name === 'WRITE') request.sftp.end();
    return request.name === 'WRITE';
  });

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('broke the connection while sending Users.csv') as string,
  });
});

test('an SFTP channel that is closed between two requests fails the delivery at once', async () => {
  const server = await aServer((request) => {
    const last = refuse(request, 'CLOSE', status.OK);
    if (last) request.sftp.end();
    return last;
  });

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('broke the connection while') as string,
  });
});

test('answers that are not SFTP fail the delivery', async () => {
  const server = await aServer((request) => refuse(request, 'OPEN', status.OK)); // no handle

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('in a way that is not SFTP') as string,
  });
});

test('a server that gives less than is asked for when reading back is understood', async () => {
  const server = await aServer((request) => {
    request.length = Math.min(request.length, 10_000);
    return false;
  });
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

test('a wrong password is tried once and refused, and never shown', async () => {
  const tries: string[] = [];
  const server = await aServer({
    logIn(context) {
      tries.push(context.method);
      context.reject(['password', 'keyboard-interactive']);
    },
  });

  const error: unknown = await sftpDelivery(settingsFor(server, { password: 'hunter2' }))
    .deliver(aShipment())
    .catch((reason: unknown) => reason);

  expect(error).toMatchObject({
    code: 'delivery-refused',
    message: expect.stringContaining('Given: SFTP_PASSWORD; it takes: password, keyboard-interactive.') as string,
  });
  expect(inspect(error, { depth: null })).not.toContain('hunter2');
  expect(tries).toEqual(['none', 'password']);
});

test('a server that asks for the password by keyboard-interactive gets it', async () => {
  const server = await aServer({
    logIn(context) {
      if (context.method !== 'keyboard-interactive') {
        context.reject(['keyboard-interactive']);
        return;
      }
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        if (answers[0] === 'secret') context.accept();
        else context.reject();
      });
    },
  });
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server)).deliver(shipment);

  expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
});

test('a server that wants key and password gets both, in the order it asks for', async () => {
  const privateKey = newKeyPair().privateKey;
  const taken: string[] = [];
  const server = await aServer({
    logIn(context) {
      const wanted = taken.length === 0 ? 'publickey' : 'password';
      if (context.method !== wanted || (context.method === 'password' && context.password !== 'secret')) {
        context.reject([wanted]);
        return;
      }
      if (context.method === 'publickey' && !context.signature) {
        context.accept(); // it may sign
        return;
      }
      taken.push(wanted);
      if (wanted === 'password') context.accept();
      else context.reject(['password'], true);
    },
  });

  await sftpDelivery(settingsFor(server, { privateKey })).deliver(aShipment());

  expect(taken).toEqual(['publickey', 'password']);
});

test('a password that has expired is refused at once', async () => {
  const server = await aServer({
    logIn(context) {
      if (context.method === 'password') context.requestChange('Change it', () => undefined);
      else context.reject(['password']);
    },
  });

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-refused',
    message: expect.stringContaining('wants a new password') as string,
  });
});

function refuse(request: Request, name: Request['name'], code: number): boolean {
  if (request.name === name) request.sftp.status(request.id, code);
  return request.name === name;
}

function refuseOverwriting(request: Request, directory: string): boolean {
  return existsSync(join(directory, request.to)) && refuse(request, 'RENAME', status.FAILURE);
}

function spoil({ data }: Request): void {
  data[0] = (data[0] ?? 0) ^ 1;
}

test('after an attempt that was lost while renaming, the next looks first and finishes what was begun', async () => {
  const shipment = aShipment();
  for (const stopAt of [1, 2]) {
    let renames = 0;
    let isSilent = true;
    const server = await aServer(({ name }) => isSilent && name === 'RENAME' && ++renames === stopAt);
    let proven = 0;
    const attempt = sftpDelivery(settingsFor(server, { deadlineSeconds: 0.5 })).deliver(
      shipment,
      async () => void (proven += 1),
    );
    await expect(attempt).rejects.toMatchObject({ code: 'delivery-unknown' });
    expect(proven).toBe(1);

    isSilent = false;
    expect(await sftpDelivery(settingsFor(server)).finish(shipment)).toBe('arrived');
    expect(contentsOf(server.directory)).toEqual(contentsAfter(shipment));
  }
});

test('finishing takes what was fetched for delivered, and what somebody else put there for not', async () => {
  const server = await aServer(() => false);
  const shipment = aShipment();
  const delivery = sftpDelivery(settingsFor(server));
  await delivery.deliver(shipment);
  rmSync(join(server.directory, 'Users.csv'));
  expect(await delivery.finish(shipment)).toBe('arrived');
  writeFileSync(join(server.directory, 'Roles.csv'), 'from somebody else');
  expect(await delivery.finish(shipment)).toBe('absent');
});

test.each(['PERMISSION_DENIED', 'FAILURE'] as const)(
  'finishing asks the folder where the server answers %s for what is not there',
  async (code) => {
    const server = await aServer(
      (request) => !existsSync(join(server.directory, request.path)) && refuse(request, 'STAT', status[code]),
    );
    const shipment = aShipment();
    const delivery = sftpDelivery(settingsFor(server));
    await delivery.deliver(shipment);

    expect(await delivery.finish(shipment)).toBe('arrived');
    rmSync(join(server.directory, 'Roles.csv'));
    expect(await delivery.finish(shipment)).toBe('arrived'); // fetched
    writeFileSync(join(server.directory, 'Users.csv'), 'from somebody else');
    expect(await delivery.finish(shipment)).toBe('absent');
  },
);

test('where nothing may be looked at, finishing says that it does not know', async () => {
  const server = await aServer(refuseToShow);
  for (const verify of ['content', 'size', 'none'] as const)
    expect(await sftpDelivery(settingsFor(server, { verify })).finish(aShipment())).toBe('unseen');
});
