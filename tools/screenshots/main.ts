/** Makes the pictures of the dashboard for README and docs, from an invented organisation: `npm run screenshots`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStage } from '../../demo/stage.ts';
import { launchChromium } from '../chromium.ts';
import { history } from './history.ts';
import { album } from './album.ts';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spendcloud-screenshots-'));
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
try {
  mkdirSync(images, { recursive: true });
  const stage = await openStage(folder, '2026-01-05T08:00:00Z');
  try {
    const browser = await launchChromium();
    try {
      const key = await stage.app.keys.add('fenna', 'operator');
      await stage.app.keys.add('servicedesk', 'viewer');
      const agentKey = await stage.app.keys.add('helloid', 'agent');
      const pictures = album(browser, stage, key, images);
      await pictures.empty();
      const lived = await history(stage, agentKey, stopping.signal);
      await pictures.calm();
      await lived.reorganise();
      await pictures.held();
    } finally {
      await browser.close();
    }
  } finally {
    await stage.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
