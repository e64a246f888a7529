import { cutTo } from '../shared/domain/text.ts';

const longestLine = 300;

/** Text that another program stored, as one line that cannot steer a terminal. */
export function printable(text: string): string {
  return cutTo(longestLine, text.replace(/\p{Cc}/gu, '\uFFFD'));
}

export function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
