import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kitFiles } from './helloid-kit/files.ts';

// npm run kit: writes the scripts and field mappings that an administrator pastes into HelloID.
const folder = join(import.meta.dirname, '..', 'helloid');
for (const [path, text] of await kitFiles()) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
