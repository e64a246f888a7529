import { cpus, release, totalmem } from 'node:os';
import { summary, type Row } from './measure.ts';

const heads = ['what', 'reference in the same run', 'product', 'reference', 'ratio', 'spread', 'goal', ''];

/** The table in Markdown, with the notes of each row under it. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(lineOf);
  const notes = rows.flatMap(({ what, notes: seen }) => seen.map((note) => `- ${what}: ${note}`));
  return [cells(heads), cells(heads.map(() => '---')), ...lines, '', ...notes].join('\n');
}

function lineOf(row: Row): string {
  const { ratio, lowest, highest, product, reference, verdict } = summary(row);
  const goal = `${row.better === 'more' ? 'at least' : 'at most'} ${row.goal} x`;
  const figures = [`${short(product)} ${row.unit}`, `${short(reference)} ${row.unit}`, `${short(ratio)} x`];
  return cells([row.what, row.reference, ...figures, `${short(lowest)} to ${short(highest)}`, goal, verdict]);
}

function cells(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`;
}

/** Three digits that count. */
export function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** What the figures were measured on. */
export function machine(): string {
  const [first] = cpus();
  const memory = (totalmem() / 1024 ** 3).toFixed(0);
  return `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${memory} GB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}
