import { examine } from '../shared/doctor/examine.ts';
import type { Step } from '../shared/doctor/step.ts';

/** Reports every step; exit code 1 if one failed, 2 if settings are wrong. */
export async function doctor({ notify, json }: { notify: boolean; json: boolean }): Promise<void> {
  const { settingsRight, steps } = await examine({ env: process.env, cwd: process.cwd(), notify, now: new Date() });
  const failing = steps.filter(({ state }) => state === 'failed').length;
  process.exitCode = settingsRight ? Math.min(failing, 1) : 2;
  if (json) return void process.stdout.write(`${JSON.stringify({ ok: failing === 0, steps })}\n`);
  for (const step of steps) process.stdout.write(line(step));
  process.stdout.write(failing === 0 ? '\nNothing failed.\n' : `\n${failing} failed.\n`);
}

function line({ name, state, says }: Step): string {
  const mark = state === 'failed' ? 'FAILED' : state;
  return `${mark.padEnd(11)}${name.padEnd(26)}${says.replace(/\n/g, `\n${' '.repeat(37)}`)}\n`;
}
