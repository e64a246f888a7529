import { readFileSync } from 'node:fs';

/** A fenced block of a page, with the words of its fence: `sh ci` opens a block of `kind` "sh" with the mark "ci". */
export interface Block {
  kind: string;
  mark: string;
  text: string;
  /** The heading above it. */
  heading: string;
  line: number;
}

/** The text of a page, by its path from the root of the project. */
export function page(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The fenced blocks of a page in their order, without the indentation that a list gives them. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let open: { block: Block; indent: string; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^(\s*)```\s*(\S*)\s*(.*)$/.exec(line);
    if (open && fence) {
      blocks.push({ ...open.block, text: open.lines.join('\n') });
      open = undefined;
    } else if (open) open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    else if (fence) {
      const [, indent = '', kind = '', mark = ''] = fence;
      open = { block: { kind, mark, text: '', heading, line: index + 1 }, indent, lines: [] };
    } else heading = /^#+ +(.*)$/.exec(line)?.[1] ?? heading;
  }
  if (open) throw new Error(`a block that begins at line ${open.block.line} is not closed`);
  return blocks;
}

/** A page without its fenced blocks, for those who look at prose alone. */
export function proseOf(markdown: string): string {
  return markdown.replaceAll(/^\s*```[\s\S]*?^\s*```$/gm, '');
}
