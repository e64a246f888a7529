import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { stopSignals } from '../../server/stop-signals.ts';
import { temporaryFolder } from '../helpers.ts';
import { startProgram } from '../process.ts';

test('Windows ends by Ctrl-C, Ctrl-Break or a closed window; elsewhere a hang-up is left to nohup', () => {
  expect(stopSignals('win32')).toEqual(['SIGINT', 'SIGBREAK', 'SIGHUP']);
  for (const platform of ['linux', 'darwin'] as const) expect(stopSignals(platform)).toEqual(['SIGTERM', 'SIGINT']);
});

test.each(stopSignals(process.platform).filter((signal) => signal in constants.signals))(
  '%s stops the program cleanly',
  async (signal) => {
    const program = await startProgram(temporaryFolder());
    expect(await program.end(signal)).toBe(0);
    expect(program.output()).toContain('"stopped"');
  },
);
