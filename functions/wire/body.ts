import { AppError } from '../../shared/errors.ts';
import { largestBody, type HttpRequest } from '../http.ts';

/** A JSON object, not yet looked into. */
export type Members = Readonly<Record<string, unknown>>;

/** Reads the body as a JSON object in whatever charset it declares, UTF-8 if none. */
export async function readBody(request: HttpRequest): Promise<Members> {
  const charset = charsetOf(request.header('content-type'));
  const bytes = await request.body();
  if (bytes.length > largestBody) throw tooLarge();
  if (bytes.length === 0)
    throw new AppError('unreadable', 'There is no body; send JSON, and its length in the header Content-Length'); // without it the Functions host drops the body
  return parse(decode(bytes, charset));
}

/** The same for a request that may come without a body, which then is an empty object. */
export async function readOptionalBody(request: HttpRequest): Promise<Members> {
  const bytes = await request.body();
  return bytes.length === 0 ? {} : readBody({ ...request, body: () => Promise.resolve(bytes) });
}

export function tooLarge(): AppError {
  return new AppError('too-large', `The body is larger than ${largestBody / 1024 / 1024} MB`);
}

function charsetOf(contentType: string | null): string {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (!/^(application|text)\/([\w.-]+\+)?json$/.test(type)) {
    throw new AppError('unsupported-type', 'Send the body as Content-Type: application/json; charset=utf-8');
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return charset?.slice('charset='.length).replaceAll('"', '').trim() ?? 'utf-8';
}

function decode(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes); // also drops a byte order mark
  } catch (error) {
    if (error instanceof RangeError)
      throw new AppError('unsupported-type', 'The charset of the body is not known; send charset=utf-8', {
        cause: error,
      });
    const advice = 'send UTF-8 bytes, in PowerShell: [System.Text.Encoding]::UTF8.GetBytes($json)';
    throw new AppError('unreadable', `The body is not valid ${charset}; ${advice}`, { cause: error });
  }
}

function parse(text: string): Members {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('impossible', 'The body must be a JSON object');
  }
  return value as Members;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('unreadable', 'The body is not JSON'); // no cause: the parser's message quotes the body
  }
}
