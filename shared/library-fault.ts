import { AppError } from './errors.ts';

const codes = ['ERR_DLOPEN_FAILED', 'ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/** What to do about a package that is missing, or compiled for another machine or release of Node; undefined for any other error. */
export function libraryFault(error: unknown): AppError | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!codes.includes(code)) return undefined;
  return new AppError(
    'invalid-settings',
    `An installed package cannot be loaded on Node ${process.versions.node}, ${process.platform} ${process.arch} (${code}); run npm ci with that Node on that kind of machine, and start again`,
    { cause: error },
  );
}
