import { get } from 'node:http';
import { expect, test } from 'vitest';
import { testServer } from '../helpers.ts';

/** The bytes that go over the line for one file, packed as a browser asks for it. */
function transferred(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(address, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => resolve(bytes));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

test('the whole page is less than 150 kB over the line', async () => {
  const { address } = await testServer();
  const html = await (await fetch(`${address}/api/dashboard`)).text();
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
  expect(files.map((path) => path.replace(/^.*\.|-[^.]*/g, ''))).toEqual(['svg', 'js', 'css']);
  const sizes = await Promise.all(['/api/dashboard', ...files].map((path) => transferred(address + path)));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(150_000);
});
