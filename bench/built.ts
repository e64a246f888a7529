import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A module of the build, which is what people run; the caller names its type: `built<typeof import('…')>('shared/…')`. */
export async function built<Module>(file: string): Promise<Module> {
  return (await import(new URL(`../dist/${file}.js`, import.meta.url).href)) as Module;
}
