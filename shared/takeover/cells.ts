/** A value of a CSV file and whether it stood in quotes: nothing at all and `""` are two things to whoever writes them. */
export interface Cell {
  text: string;
  quoted: boolean;
}

export interface CellRow {
  /** The line on which the row begins. */
  line: number;
  cells: Cell[];
}

/** The rows of CSV text with its quotes told; undefined in place of a row where a quote is not closed or text follows one. */
export function* readCells(text: string, delimiter: string): Generator<CellRow | { line: number; cells: undefined }> {
  let [at, line] = [0, 1];
  while (at < text.length) {
    const begins = line;
    const cells: Cell[] = [];
    for (;;) {
      const cell = cellAt(text, at, delimiter);
      if (!cell) {
        yield { line: begins, cells: undefined };
        return;
      }
      cells.push({ text: cell.text, quoted: cell.quoted });
      for (let index = at; index < cell.end; index += 1) if (text[index] === '\n') line += 1;
      at = cell.end;
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    yield { line: begins, cells };
  }
}

function cellAt(text: string, start: number, delimiter: string): (Cell & { end: number }) | undefined {
  if (text[start] !== '"') {
    let end = start;
    while (end < text.length && text[end] !== delimiter && !isLineEnd(text, end)) end += 1;
    return { text: text.slice(start, end), quoted: false, end };
  }
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    if (text[end + 1] === '"') {
      end += 1;
      continue;
    }
    const after = end + 1;
    if (after < text.length && text[after] !== delimiter && !isLineEnd(text, after)) return undefined;
    return { text: text.slice(start + 1, end).replaceAll('""', '"'), quoted: true, end: after };
  }
  return undefined;
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length));
}
