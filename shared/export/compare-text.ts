/** The order of UTF-8 bytes, which is that of code points; JavaScript's own differs where a surrogate meets U+E000 and above. */
export function compareText(some: string, other: string): number {
  const length = Math.min(some.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [some.charCodeAt(index), other.charCodeAt(index)];
    if (a !== b) return rank(a) - rank(b);
  }
  return some.length - other.length;
}

function rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;
}
