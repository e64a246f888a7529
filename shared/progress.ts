import { Transform } from 'node:stream';

/** Tells how far a step of long work is, in whatever it counts. */
export type Progress = (step: string, done: number, total: number) => void;

export const quietly: Progress = () => undefined;

/** Passes bytes on and tells how many there were. */
export function counting(tell: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      tell(bytes);
      done(null, chunk);
    },
  });
}
