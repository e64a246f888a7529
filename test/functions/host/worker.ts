/**
 * Stands in for the host's Node worker, as a program of its own: `node worker.ts <app folder>` with an IPC channel. It gives the app the module
 * `@azure/functions-core` the way the worker does, loads what `main` in package.json names, and takes every call through the library's own
 * programming model. Only built-in modules and erasable types here, so that older releases of Node can run it as well.
 */
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Binding {
  name?: string;
  type: string;
  direction: string;
  [property: string]: unknown;
}

export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  http?: {
    url?: string;
    method?: string;
    nullableHeaders?: Record<string, { value: string }>;
    nullableQuery?: Record<string, { value: string }>;
    nullableParams?: Record<string, { value: string }>;
    statusCode?: string;
    headers?: Record<string, string>;
    cookies?: unknown[];
    enableContentNegotiation?: boolean;
    body?: TypedData;
  };
}

export interface Invocation {
  invocationId: string;
  inputData: { name: string; data: TypedData }[];
  triggerMetadata: Record<string, TypedData>;
}

/** What the host hears of a registered function. */
export interface Registration {
  name: string;
  bindings: Record<string, Binding>;
  /** As the worker sends them: JSON, a line per binding. */
  rawBindings: string[];
}

export type ToWorker = { kind: 'invoke'; functionName: string; invocation: Invocation } | { kind: 'terminate' };

export type FromWorker =
  | {
      kind: 'started';
      registrations: Registration[];
      hooks: string[];
      model: string;
      capabilities: Record<string, string>;
      loadError: string | null;
    }
  | { kind: 'log'; level: string; category: string; message: string }
  | { kind: 'answer'; invocationId: string; response: { returnValue?: TypedData | null; outputData?: unknown[] } }
  | { kind: 'failure'; invocationId: string; error: string }
  | { kind: 'crash'; error: string };

interface Context {
  invocationId: string;
  request: Invocation;
  metadata: { name: string; bindings: Record<string, Binding> };
  state?: string | undefined;
  log(level: string, category: string, message: string): void;
}

interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: unknown): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<{ returnValue?: TypedData; outputData?: unknown[] }>;
}

interface ProgrammingModel {
  name: string;
  getInvocationModel(context: Context): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

type Hook = (context: object) => unknown;

const functions = new Map<string, { registration: Registration; callback: unknown }>();
const hooks = new Map<string, Hook[]>();
let model: ProgrammingModel | undefined;
let started = false;

// as the worker: whatever nobody caught ends the process, and every call in flight with it; unhandled rejections arrive here, too
process.on('uncaughtException', (error) => {
  process.send?.({ kind: 'crash', error: describe(error) } satisfies FromWorker, () => process.exit(1));
});

injectCoreModule();
await loadApp(process.argv[2] ?? '.');
process.on('message', (message: ToWorker) => {
  if (message.kind === 'invoke') void invoke(message.functionName, message.invocation);
  else void terminate();
});

function injectCoreModule(): void {
  const core = {
    version: '3.12.0',
    hostVersion: '4.1052.0',
    registerHook(name: string, callback: Hook) {
      const registered = [...(hooks.get(name) ?? []), callback];
      hooks.set(name, registered);
      return { dispose: () => undefined };
    },
    setProgrammingModel: (chosen: ProgrammingModel) => void (model = chosen),
    getProgrammingModel: () => model,
    registerFunction(metadata: { name: string; bindings: Record<string, Binding> }, callback: unknown) {
      if (started) throw new Error('A function can only be registered during app startup.');
      if (functions.has(metadata.name))
        throw new Error(`A function with name "${metadata.name}" has already been registered.`);
      const rawBindings = Object.entries(metadata.bindings).map(([name, binding]) =>
        JSON.stringify({ ...binding, name }),
      );
      functions.set(metadata.name, { registration: { ...metadata, rawBindings }, callback });
      return { dispose: () => undefined };
    },
    log: tell,
  };
  const prototype = Module.prototype as unknown as { require: (this: unknown, id: string) => unknown };
  prototype.require = new Proxy(prototype.require, {
    apply: (target, self, words: [string]) =>
      words[0] === '@azure/functions-core' ? core : Reflect.apply(target, self, words),
  });
}

/** A file that throws while it is loaded is only logged: that app then has no functions, and every route is a bare 404. */
async function loadApp(folder: string): Promise<void> {
  let loadError: string | null = null;
  try {
    const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
    await import(pathToFileURL(join(folder, main)).href);
    for (const hook of hooks.get('appStart') ?? []) await hook({ hookData: {}, functionAppDirectory: folder });
  } catch (error) {
    loadError = describe(error);
  }
  const capabilities = (await model?.getCapabilities({ RawHttpBodyBytes: 'true', RpcHttpBodyOnly: 'true' })) ?? {};
  started = true;
  process.send?.({
    kind: 'started',
    registrations: [...functions.values()].map(({ registration }) => registration),
    hooks: [...hooks.keys()],
    model: model?.name ?? '',
    capabilities,
    loadError,
  } satisfies FromWorker);
}

async function invoke(functionName: string, invocation: Invocation): Promise<void> {
  const { invocationId } = invocation;
  try {
    const found = functions.get(functionName);
    if (!found || !model) throw new Error(`Function code for '${functionName}' is not loaded and cannot be invoked.`);
    const { registration, callback } = found;
    const { name, bindings } = registration;
    const context: Context = { invocationId, request: invocation, metadata: { name, bindings }, log: tell };
    const invocationModel = model.getInvocationModel(context);
    const { context: callContext, inputs } = await invocationModel.getArguments();
    context.state = 'invocation';
    const result = await invocationModel.invokeFunction(callContext, inputs, callback);
    context.state = undefined;
    const { returnValue = null, outputData = [] } = await invocationModel.getResponse(callContext, result);
    process.send?.({ kind: 'answer', invocationId, response: { returnValue, outputData } } satisfies FromWorker);
  } catch (error) {
    process.send?.({ kind: 'failure', invocationId, error: describe(error) } satisfies FromWorker);
  }
}

async function terminate(): Promise<void> {
  for (const hook of hooks.get('appTerminate') ?? []) await hook({ hookData: {} });
  process.disconnect();
  process.exit(0);
}

function tell(level: string, category: string, message: string): void {
  process.send?.({ kind: 'log', level, category, message } satisfies FromWorker);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
