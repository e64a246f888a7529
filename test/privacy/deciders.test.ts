import { expect, test } from 'vitest';
import { createBody, testServer, updateBody } from '../helpers.ts';
import { traces } from './traces.ts';

const fenna = { by: 'Fenna Bakker', reason: 'asked for it' };
const herself = { by: 'Q. Zwaluwstaart', reason: 'looked at it' };

test('an erased person is not left as who decided: about herself, about others, about runs, findings and a pause', async () => {
  const { app, get, post } = await testServer();
  await post('helloid/create', createBody(1));
  await post('helloid/create', createBody('ZW77', { voornaam: 'Quirine', achternaam: 'Zwaluwstaart' }));
  await post('helloid/create', createBody(3, { email: '' }));
  await post('accounts/SC-ZW77/disable', herself);
  await post('accounts/SC-1/disable', herself);
  await post('accounts/SC-1/enable', fenna);
  await post('exports');
  await app.daily.settled();
  const [finding] = ((await get('exports/1')).json as { findings: object[] }).findings;
  expect((await post('findings/seen', { ...finding, ...herself })).status).toBe(200);
  await post('helloid/delete', updateBody('SC-ZW77', null));
  await post('exports');
  await app.daily.settled();
  await post('pause', herself);
  await app.privacy.erasePerson('ZW77', fenna);
  expect(traces(app.config.dataDir, ['Zwaluwstaart'])).toEqual([]);
  const { entries } = (await get('audit')).json as { entries: { action: string; by?: string; messages: string[] }[] };
  expect(entries.filter(({ by }) => by !== undefined).map(({ action, by }) => [action, by])).toEqual([
    ['erase', 'Fenna Bakker'],
    ['pause', '[erased]'],
    ['enable', 'Fenna Bakker'],
    ['disable', '[erased]'],
    ['disable', '[erased]'],
  ]);
  expect(entries.find(({ action }) => action === 'pause')?.messages[0]).toMatch(/^\[erased\] decided: pause/);
  expect((await get('overview')).json).toMatchObject({ paused: { by: '[erased]' } });
  expect((await get('audit/verify')).json).toMatchObject({ ok: true });
});
