import { spawnSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Stage } from '../../demo/stage.ts';
import { calmShots, connectShot, heldShots, personShot, type Shot } from './shots.ts';

/** Takes the pictures, each in both themes, and some as on a phone. */
export interface Album {
  empty(): Promise<void>;
  calm(): Promise<void>;
  held(): Promise<void>;
}

const themes = ['light', 'dark'] as const;
const wide = { width: 1360, height: 960 };
const phone = { width: 390, height: 844 };

export function album(browser: Browser, { address, clock }: Stage, key: string, folder: string): Album {
  async function take(shots: readonly Shot[], theme: (typeof themes)[number], size: typeof wide, suffix: string) {
    const context = await browser.newContext({
      viewport: size,
      deviceScaleFactor: size === phone ? 2 : 1.25,
      colorScheme: theme,
      locale: 'en-GB',
      reducedMotion: 'reduce',
    });
    try {
      const page = await context.newPage();
      await page.clock.setFixedTime(clock.now());
      await page.goto(`${address}/api/dashboard`);
      await page.getByLabel('Key').fill(key);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      for (const shot of shots) await picture(page, shot, size, join(folder, `${shot.name}${suffix}-${theme}.png`));
    } finally {
      await context.close();
    }
  }

  async function inBothThemes(shots: readonly Shot[]): Promise<void> {
    for (const theme of themes) await take(shots, theme, wide, '');
  }

  return {
    empty: () => take([connectShot], 'light', wide, ''),
    async calm() {
      await inBothThemes([...calmShots, personShot]);
    },
    async held() {
      await inBothThemes(heldShots);
      await take(heldShots.slice(0, 1), 'light', phone, '-phone');
    },
  };
}

async function picture(page: Page, shot: Shot, { width, height }: typeof wide, file: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(shot.place)}`);
  await page.getByRole('heading', { name: shot.awaits }).first().waitFor();
  await shot.prepare?.(page);
  await page.locator('.spinner').first().waitFor({ state: 'detached' });
  const tallest = Math.max(height, shot.height ?? height);
  await page.setViewportSize({ width, height: tallest });
  await page.mouse.move(0, 0);
  if (!(await page.getByRole('dialog').isVisible())) await page.evaluate('scrollTo(0, 0)');
  const bytes = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  await page.setViewportSize({ width, height });
  save(file, bytes);
}

/** With a palette of 64 colours, which is enough for a page, a picture has a third of the bytes. */
function save(file: string, bytes: Buffer): void {
  writeFileSync(file, bytes);
  const { status, error } = spawnSync('pngquant', ['--force', '--speed', '1', '--strip', '--output', file, '64', file]);
  if (status !== 0) {
    rmSync(file);
    throw new Error('pngquant is needed to make the pictures small: apt-get install pngquant', { cause: error });
  }
  console.log(`${file}: ${Math.round(statSync(file).size / 1000)} kB`);
}
