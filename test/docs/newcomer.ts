import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { freePort } from '../sshd.ts';
import { blocksOf, page, type Block } from './page.ts';
import { comparable } from './sample.ts';
import { terminal, type Running } from './terminal.ts';

/*
 * A page is followed as its reader would: every `sh` block is run in its order, in a copy of the project. `npm start` has a terminal of its own, and gets
 * Ctrl-C before it is started again. A `text` or `json` block behind it is the sample of the answer. Words behind `sh`: `exit=3` is the exit code to
 * expect, `ci` marks what .ci/run itself does and what is therefore left out here.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const itsFolder = '/home/anna/spendcloud';
const itsAddress = '127.0.0.1:7071';

/** The files of the project as a newcomer has them after npm ci, built once: npm start then finds it up to date. Gives the folder. */
export function builtProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-project-'));
  const folders = ['bin', 'cli', 'containers', 'dashboard', 'demo', 'functions', 'server', 'shared', 'test/samples'];
  const files = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'connector.schema.json'];
  for (const name of [...folders, ...files]) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder });
  return folder;
}

/** What a block marked `ci` may hold, and where .ci/run does the same. */
export const doneByCi = [
  { command: /^npm ci$/, there: /^npm ci\b/m },
  { command: /^npm test$/, there: /^count npm test$/m },
  { command: /^docker compose /, there: /test:containers/ },
];

export interface Surroundings {
  /** What stands in the page as an example, and what it is here. */
  replaced?: [example: string, here: string][];
  /** What comes in answers, and how the page shows it. */
  shown?: [ours: string, example: string][];
  /** What the page asks its reader to do outside of the terminal, before the block that begins like this. */
  elsewhere?: { before: string; done: () => Promise<void> }[];
}

export interface Newcomer {
  folder: string;
  address: string;
  follow(path: string): Promise<void>;
  /** Stops what runs in the first terminal, and sees that it ended cleanly. */
  pressCtrlC(): Promise<void>;
  /** The newest key of a scope that was printed. */
  key(scope: string): string;
  printed(): string;
  leftUndone(): string[];
  /** Ends what runs and removes the copy. */
  stop(): void;
}

/** Somebody who follows a page, in a copy of the project and with terminals of their own. */
export async function newcomer(
  project: string,
  { replaced = [], shown = [], elsewhere = [] }: Surroundings = {},
): Promise<Newcomer> {
  const home = mkdtempSync(join(tmpdir(), 'spendcloud-newcomer-'));
  const folder = join(home, 'spendcloud');
  cpSync(project, folder, { recursive: true, verbatimSymlinks: true });
  const port = String(await freePort());
  const [first, second] = [terminal(folder, { PORT: port }), terminal(folder, { PORT: port })];
  const undone = new Set(elsewhere);
  let printed = '';
  let running: Running | undefined;

  const here = (text: string): string =>
    [...replaced, [itsAddress, `127.0.0.1:${port}`] as const]
      .reduce((result, [example, ours]) => result.replaceAll(example, ours), text)
      .replaceAll(/sc_(agent|viewer|operator)_…/g, (_, scope: string) => key(scope))
      .replaceAll(/SHA256:[\w+/]{43}/g, () => /SHA256:[\w+/]{43}/.exec(printed)?.[0] ?? 'none was printed');
  const asInPage = (text: string): string =>
    [...shown, [`127.0.0.1:${port}`, itsAddress] as const, [folder, itsFolder] as const].reduce(
      (result, [ours, example]) => result.replaceAll(ours, example),
      text,
    );

  function key(scope: string): string {
    const found = [...printed.matchAll(new RegExp(`sc_${scope}_[\\w-]{43}`, 'g'))].at(-1)?.[0];
    if (found === undefined) throw new Error(`no ${scope} key was printed`);
    return found;
  }

  async function pressCtrlC(): Promise<void> {
    await running?.interrupt();
    if (running) expect(running.output()).toContain('"msg":"stopped"');
    running = undefined;
  }

  async function runBlock({ text, mark, line }: Block): Promise<string> {
    const commands = here(text);
    if (/^npm start$/m.test(commands)) {
      await pressCtrlC();
      running = await first.runUntil(commands, '"msg":"listening"');
      printed += running.output();
      return running.output();
    }
    const { code, stdout, stderr } = await second.run(commands);
    printed += stdout;
    const expected = Number(/exit=(\d+)/.exec(mark)?.[1] ?? 0);
    expect({ line, code, ...(code !== expected && { stdout, stderr }) }).toEqual({ line, code: expected });
    return stdout;
  }

  return {
    folder,
    address: `http://127.0.0.1:${port}`,
    key,
    pressCtrlC,
    printed: () => printed,
    leftUndone: () => [...undone].map(({ before }) => before),
    stop: () => {
      for (const one of [first, second]) one.close();
      rmSync(home, { recursive: true, force: true });
    },
    async follow(path) {
      const blocks = blocksOf(page(path));
      for (const [index, block] of blocks.entries()) {
        if (block.kind !== 'sh') continue;
        for (const step of undone)
          if (block.text.startsWith(step.before)) {
            undone.delete(step);
            await step.done();
          }
        const answer = asInPage(await runBlock(withoutWhatCiDoes(block)));
        const next = blocks[index + 1];
        if (next && ['text', 'json'].includes(next.kind)) expectSample(next, answer, block.text.endsWith('npm start'));
      }
      await pressCtrlC();
    },
  };
}

function withoutWhatCiDoes(block: Block): Block {
  if (block.mark !== 'ci') return block;
  const left = commandsOf(block.text).filter((command) => !doneByCi.some((done) => done.command.test(command)));
  return { ...block, text: left.join(' && ') };
}

export function commandsOf(text: string): string[] {
  return text.split(/ && |\n/).map((command) => command.trim());
}

function expectSample({ kind, text, line }: Block, answer: string, isPart: boolean): void {
  if (kind === 'json')
    expect({ line, answer: JSON.parse(answer) as unknown }).toEqual({ line, answer: JSON.parse(text) as unknown });
  else if (isPart) expect(comparable(answer)).toContain(comparable(text));
  else expect(`line ${line}\n${comparable(answer)}`).toBe(`line ${line}\n${comparable(text)}`);
}
