import { isIP } from 'node:net';
import { z } from 'zod';

/** A variable that a check must accept; `expected` completes "expected …". */
export function variable(check: (value: string) => boolean, expected: string) {
  const error = `expected ${expected}`;
  return z.string({ error }).refine(check, { error });
}

export function portFrom(least: number) {
  const isPort = (value: string) => /^\d{1,5}$/.test(value) && Number(value) >= least && Number(value) <= 65_535;
  return variable(isPort, `a whole number from ${least} to 65535`).transform(Number);
}

export function hostName() {
  const isHost = (value: string) => isIP(value) !== 0 || /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*)$/u.test(value);
  return variable(isHost, 'the name or address of a host, without protocol or port');
}
