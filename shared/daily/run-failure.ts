import { AppError } from '../errors.ts';

/** What went wrong around a run, for whoever mends it. The words of an error that we did not write stay out: they may hold values. */
export function runFailure(what: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('unavailable', `${what}: ${reasonOf(error)}`, { cause: error });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code, syscall, name } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') return 'the disk of DATA_DIR is full; make room';
  return code && syscall ? `${code}; check the disk of DATA_DIR and its rights` : (code ?? name);
}
