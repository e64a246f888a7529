import { expect } from 'vitest';
import { loadConfig } from '../../shared/config.ts';
import { AppError } from '../../shared/errors.ts';
import { temporaryFolder } from '../folder.ts';

/** The lines of the message, one for each wrong setting; none when all are right. */
export function faultsOf(env: NodeJS.ProcessEnv, folder = temporaryFolder()): string[] {
  try {
    loadConfig(env, folder);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'invalid-settings' });
    const [heading, ...faults] = (error as AppError).message.split('\n');
    expect(heading).toBe('These settings are wrong:');
    return faults;
  }
}
