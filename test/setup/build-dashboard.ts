import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const sources = fileURLToPath(new URL('../../dashboard', import.meta.url));
const built = fileURLToPath(new URL('../../dist/dashboard/index.html', import.meta.url));

/** The tests see the page as it is built; made anew only where a source is newer. */
export default async function setup(): Promise<void> {
  if (existsSync(built) && newest(sources) < statSync(built).mtimeMs) return;
  await build({ configFile: join(sources, 'vite.config.ts') });
}

function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((file) => statSync(join(folder, file)).mtimeMs));
}
