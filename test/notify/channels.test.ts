import { expect, test } from 'vitest';
import { channelsOf, type Channel } from '../../shared/notify/channels.ts';
import { freePort } from '../sshd.ts';
import { startHook, startMailServer, startSilence } from './receivers.ts';

const message = { subject: 'Spend Cloud connector: run 1 is held', text: 'Run 1 is held\nNext: é' };
const going = new AbortController().signal;
const email = 'beheer@waterrijk-zorg.example';

function only(notify: { webhookUrl?: string; smtpUrl?: string }, seconds = 10): Channel {
  const [channel] = channelsOf({ webhookUrl: null, smtpUrl: null, email, ...notify }, seconds);
  if (!channel) throw new Error('no channel');
  return channel;
}

test('a webhook gets JSON with one member, the text', async () => {
  const hook = await startHook();
  await only({ webhookUrl: hook.url }).send(message, going);
  expect(hook).toMatchObject({ bodies: [{ text: message.text }], types: ['application/json; charset=utf-8'] });
});

test.each([404, 429, 302])('a webhook that answers %i did not take the message', async (status) => {
  const hook = await startHook();
  hook.answer = status;
  const error: unknown = await only({ webhookUrl: hook.url })
    .send(message, going)
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(`it answered ${status}`) as string,
  });
  expect((error as Error).message).not.toMatch(/secret|127/);
});

test('a webhook that is not there or does not answer is said, without its address', async () => {
  const gone = only({ webhookUrl: `http://127.0.0.1:${await freePort()}/secret` });
  await expect(gone.send(message, going)).rejects.toThrow(/^[^/]*no connection \(ECONNREFUSED\)[^/]*$/);
  const silent = only({ webhookUrl: `http://127.0.0.1:${await startSilence()}/secret` }, 1);
  await expect(silent.send(message, going)).rejects.toThrow(/^[^/]*no answer within 1 seconds[^/]*$/);
});

test('a mail arrives at NOTIFY_EMAIL with subject and text', async () => {
  const server = await startMailServer();
  await only({ smtpUrl: server.url }).send(message, going);
  expect(server.mails).toMatchObject([{ from: email, to: [email] }]);
  expect(server.mails[0]?.text).toMatch(/^Subject: Spend Cloud connector: run 1 is held\r$/m);
  expect(server.mails[0]?.text).toMatch(/^Auto-Submitted: auto-generated\r$/im);
});

test('a refused login, a server that is not there and one that is silent are told apart, without address or secret', async () => {
  const server = await startMailServer();
  const refused = only({ smtpUrl: server.url.replace('mail-secret', 'wrong-secret') });
  const error: unknown = await refused.send(message, going).catch((thrown: unknown) => thrown);
  expect((error as Error).message).toMatch(/refuses the login \(EAUTH 535\)/);
  expect((error as Error).message).not.toMatch(/wrong-secret|@/);
  const gone = only({ smtpUrl: `smtp://127.0.0.1:${await freePort()}` });
  await expect(gone.send(message, going)).rejects.toThrow(/no connection to the mail server/);
  const silent = only({ smtpUrl: `smtp://127.0.0.1:${await startSilence()}` }, 1);
  await expect(silent.send(message, going)).rejects.toThrow(/no answer within 1 seconds|does not answer/);
});
