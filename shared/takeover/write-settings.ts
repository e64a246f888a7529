import { existsSync, statSync } from 'node:fs';
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import type { Config } from '../config.ts';
import { readPolicyText } from '../config/policy-file.ts';
import { readTextFile } from '../config/text-file.ts';
import { AppError } from '../errors.ts';
import type { Policy } from '../policy.ts';
import { differences, type WantedSetting } from './wanted-settings.ts';

/** A connector.json with the settings of a take-over in it, not written yet. */
export interface EditedSettings {
  file: string;
  text: string;
  policy: Policy;
}

export interface WrittenSettings {
  file: string;
  /** The file as it was; null where there was none. */
  backup: string | null;
}

/** Puts settings into the text of connector.json, with its comments and everything else in their places. */
export function editSettings(
  { configFile }: Pick<Config, 'configFile'>,
  wanted: readonly WantedSetting[],
): EditedSettings {
  const file = configFile ?? resolve('connector.json');
  let text = configFile === null ? '{}\n' : readTextFile(configFile);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol };
  for (const { path, wanted: value } of wanted)
    text = applyEdits(text, modify(text, path, value, { formattingOptions }));
  const faults: string[] = [];
  const policy = readPolicyText(text, file, (setting, fault) => void faults.push(`${setting}: ${fault}`));
  const open = policy ? differences(wanted, policy).map(({ path }) => `${path.join('.')}: stays another`) : faults;
  if (policy && open.length === 0) return { file, text, policy };
  throw new AppError(
    'invalid-settings',
    `${file} was not changed, because with the settings of the given files it would be wrong. Write them by hand:\n${open.join('\n')}`,
  );
}

/** Writes the file whole or not at all, with the former one kept beside it. */
export async function writeSettings({ file, text }: EditedSettings, now: Date): Promise<WrittenSettings> {
  const backup = existsSync(file) ? `${file}.${now.toISOString().replaceAll(/[:.]/g, '-')}` : null;
  const partial = `${file}.${process.pid}.partial`;
  try {
    if (backup !== null) await copyFile(file, backup);
    const mode = backup === null ? 0o644 : statSync(file).mode & 0o777;
    await writeFile(partial, text, { mode, flag: 'wx', flush: true });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new AppError('unavailable', `${basename(file)} could not be written (${code}); nothing was taken over`, {
      cause: error,
    });
  }
  return { file, backup };
}
