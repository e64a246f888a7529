import { session, sessionRefused } from '../session.ts';
import { heard, unheard } from './connection.ts';

/** Why there is no answer: nobody there, or the server said no. */
export type Failure = { kind: 'unreachable' } | Refusal;

export interface Refusal {
  kind: 'refused';
  status: number;
  code: string;
  message: string;
  requestId: string | null;
}

export type Answered<Value> = { ok: true; value: Value } | { ok: false; failure: Failure };

export interface Ask {
  method?: 'GET' | 'POST';
  body?: object;
  accept?: string;
  /** Instead of that of the session; for signing in. */
  key?: string;
  signal?: AbortSignal;
}

/** Asks for JSON below `/api`. Rejects only when `signal` ends it. */
export async function ask<Value>(path: string, options: Ask = {}): Promise<Answered<Value>> {
  const answered = await send(path, options);
  if (!answered.ok) return answered;
  return { ok: true, value: (await answered.value.json()) as Value };
}

/** Fetches a file with the key in the header, which a link could not carry, and hands it to the browser to save. */
export async function download(path: string, fileName: string, accept?: string): Promise<Answered<null>> {
  const answered = await send(path, accept === undefined ? {} : { accept });
  if (!answered.ok) return answered;
  const address = URL.createObjectURL(await answered.value.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // some browsers read it only after the click
  return { ok: true, value: null };
}

async function send(path: string, { method = 'GET', body, accept, key, signal }: Ask): Promise<Answered<Response>> {
  const used = key ?? session.value?.key ?? '';
  const headers = {
    'x-functions-key': used,
    ...(accept !== undefined && { accept }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const response = await reach(`/api/${path}`, {
    method,
    headers,
    cache: 'no-store',
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (response === null) {
    unheard();
    return { ok: false, failure: { kind: 'unreachable' } };
  }
  heard();
  if (response.ok) return { ok: true, value: response };
  if (response.status === 401 && used === session.value?.key) sessionRefused();
  return { ok: false, failure: await refusalOf(response) };
}

/** Null: nobody there, also where only a gateway answers in the connector's place. */
async function reach(address: string, init: RequestInit): Promise<Response | null> {
  try {
    const response = await fetch(address, init);
    return response.status === 502 || response.status === 504 ? null : response;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    return null;
  }
}

async function refusalOf(response: Response): Promise<Failure> {
  const text = await response.text();
  const { code = 'fault', message = text.slice(0, 300) } = parse(text);
  return { kind: 'refused', status: response.status, code, message, requestId: response.headers.get('x-request-id') };
}

function parse(text: string): { code?: string; message?: string } {
  try {
    return JSON.parse(text) as { code?: string; message?: string };
  } catch {
    return {};
  }
}
