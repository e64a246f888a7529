/** One line of the table: what the product does against a reference, measured side by side in the same run. */
export interface Row {
  /** Told apart by `--only`. */
  name: string;
  what: string;
  reference: string;
  /** A rate is better when it is more, a time when it is less. */
  better: 'more' | 'less';
  /** The ratio product / reference that is aimed at. */
  goal: number;
  /** Each round: what the product needed or did, and the reference right beside it. */
  rounds: Round[];
  /** Of the figures in `rounds`. */
  unit: string;
  /** What else was seen, in words with figures. */
  notes: string[];
}

export interface Round {
  product: number;
  reference: number;
}

export interface Summary {
  ratio: number;
  lowest: number;
  highest: number;
  product: number;
  reference: number;
  verdict: 'goal met' | 'above the floor' | 'below the floor';
}

/** Median with spread. The floor is twice the goal, half of it where more is better. */
export function summary({ rounds, better, goal }: Row): Summary {
  const ratios = rounds.map(({ product, reference }) => product / reference);
  const ratio = median(ratios);
  const meets = (wanted: number) => (better === 'more' ? ratio >= wanted : ratio <= wanted);
  return {
    ratio,
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    product: median(rounds.map(({ product }) => product)),
    reference: median(rounds.map(({ reference }) => reference)),
    verdict: meets(goal)
      ? 'goal met'
      : meets(better === 'more' ? goal / 2 : goal * 2)
        ? 'above the floor'
        : 'below the floor',
  };
}

/** Measures both sides in turn, and the one that goes first in turn too: a machine that slows down slows both. */
export async function alternate(
  count: number,
  product: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    if (round % 2 === 0) {
      const measured = await product();
      rounds.push({ product: measured, reference: await reference() });
    } else {
      const measured = await reference();
      rounds.push({ product: await product(), reference: measured });
    }
  }
  return rounds;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((some, other) => some - other);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
