import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Only root may become another user, and for root nothing is forbidden: elsewhere a test of rights reports that it was skipped. */
export const canBeNobody = process.getuid?.() === 0;

export const nobody = 65_534;

/** Evaluates an expression of what these modules of the project export, in a process of a user without rights; gives what it came to, or the error's code and message. */
export async function asNobody(modules: readonly string[], expression: string): Promise<string> {
  const root = new URL('..', import.meta.url);
  const addresses = modules.map((path) => new URL(path, root).href);
  const script = `
    const project = Object.assign({}, ...(await Promise.all(${JSON.stringify(addresses)}.map((one) => import(one)))));
    const evaluate = new Function(...Object.keys(project), ${JSON.stringify(`return (${expression});`)});
    process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody});
    try { console.log(await evaluate(...Object.values(project))); } catch ({ code, message }) { console.log(code, message); }`;
  const options = { cwd: fileURLToPath(root) };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options);
  return stdout.trim();
}
