import { AppError } from '../errors.ts';

/** One thing the doctor looked at. */
export interface Step {
  name: string;
  state: 'ok' | 'warning' | 'failed' | 'not tried';
  /** What was found, or what is wrong and what to do; no secrets. */
  says: string;
}

export function ok(name: string, says: string): Step {
  return { name, state: 'ok', says };
}

export function warning(name: string, says: string): Step {
  return { name, state: 'warning', says };
}

export function failed(name: string, says: string): Step {
  return { name, state: 'failed', says };
}

export function notTried(name: string, why: string): Step {
  return { name, state: 'not tried', says: why };
}

/** What an error says to a person. */
export function sayingOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: '' };
  return code ?? message;
}
