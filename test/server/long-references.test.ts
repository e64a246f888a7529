import { expect, test } from 'vitest';
import { createBody, testServer, updateBody } from '../helpers.ts';

test('a person with a long number can be looked at, changed and deleted', async () => {
  const number = 'n'.repeat(190);
  const server = await testServer();
  const body = createBody(number, { email: 'p@waterrijk-zorg.example', gebruikersnaam: 'p' });
  const { json } = await server.post('helloid/create', body);
  expect(json).toMatchObject({ Success: true });
  const { AccountReference: reference } = json as { AccountReference: string };
  expect(reference.length).toBeGreaterThan(100);
  expect((await server.get(`accounts/${reference}`)).json).toMatchObject({ externalId: number });
  expect((await server.post('helloid/delete', updateBody(reference, null))).json).toMatchObject({ Success: true });
});

test('an address that is too long or cannot be decoded is refused in the shape of every other failure', async () => {
  const server = await testServer();
  for (const path of [`accounts/${'7'.repeat(2000)}`, 'accounts/%world']) {
    const { status, json } = await server.get(path);
    expect([status, json]).toEqual([400, { message: 'The request cannot be read', code: 'unreadable' }]);
  }
});
