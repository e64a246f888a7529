/** Throws, with what must not be, where it does not hold. */
export function demand(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** Names what differs between two lists, in whatever order they come. */
export function demandSame(what: string, expected: readonly unknown[], found: readonly unknown[]): void {
  const [isExpected, isFound] = [new Set(expected), new Set(found)];
  const wrong = [
    ...found.filter((line) => !isExpected.has(line)).map((line) => `  unexpected: ${String(line)}`),
    ...expected.filter((line) => !isFound.has(line)).map((line) => `  missing: ${String(line)}`),
  ];
  demand(wrong.length === 0, `${what} is not as it should be:\n${wrong.slice(0, 10).join('\n')}`);
}
