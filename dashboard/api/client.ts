import { session, sessionRefused } from '../session.ts';
import { heard, unheard } from './connection.ts';

/** Why there is no answer: nobody there (or no more than a part of an answer came), or the server said no. */
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
  /** Milliseconds after which no whole answer is as good as nobody there. */
  patience?: number;
}

/** A host that sleeps needs most of it to wake. */
const usually = 60_000;
/** For work that grows with what is kept: a long trail, a slow way to Spend Cloud. */
export const atLength = 600_000;

/** Asks for JSON below `/api`. Rejects only when `signal` ends it. */
export function ask<Value>(path: string, options: Ask = {}): Promise<Answered<Value>> {
  return send(path, options, (response) => response.json() as Promise<Value>);
}

/** Fetches a file with the key in the header, which a link could not carry, and hands it to the browser to save. */
export async function download(path: string, fileName: string, accept?: string): Promise<Answered<null>> {
  const options = { patience: atLength, ...(accept !== undefined && { accept }) };
  const answered = await send(path, options, (response) => response.blob());
  if (!answered.ok) return answered;
  const address = URL.createObjectURL(answered.value);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // some browsers read it only after the click
  return { ok: true, value: null };
}

async function send<Value>(path: string, options: Ask, read: Read<Value>): Promise<Answered<Value>> {
  const { method = 'GET', body, accept, key, signal, patience = usually } = options;
  const used = key ?? session.value?.key ?? '';
  const headers = {
    'x-functions-key': used,
    ...(accept !== undefined && { accept }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const limit = AbortSignal.timeout(patience);
  const init: RequestInit = {
    method,
    headers,
    cache: 'no-store',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    ...(body && { body: JSON.stringify(body) }),
  };
  const answered = await reach(`/api/${path}`, init, read);
  signal?.throwIfAborted();
  if (answered === null) {
    unheard();
    return { ok: false, failure: { kind: 'unreachable' } };
  }
  heard();
  const isUnknown = !answered.ok && answered.failure.status === 401;
  if (isUnknown && used === session.value?.key) sessionRefused();
  return answered;
}

type Read<Value> = (response: Response) => Promise<Value>;
type Reached<Value> = { ok: true; value: Value } | { ok: false; failure: Refusal };

/** Null: no whole answer of the connector's. That is also where a gateway answers in its place, and where an answer breaks off or cannot be read. */
async function reach<Value>(address: string, init: RequestInit, read: Read<Value>): Promise<Reached<Value> | null> {
  try {
    const response = await fetch(address, init);
    if (response.status === 502 || response.status === 504) return null;
    return response.ok ? { ok: true, value: await read(response) } : { ok: false, failure: await refusalOf(response) };
  } catch {
    return null;
  }
}

async function refusalOf(response: Response): Promise<Refusal> {
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
