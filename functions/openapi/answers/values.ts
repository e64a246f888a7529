import { z } from 'zod';

/** A moment in UTC. */
export const Time = z.iso.datetime();
export const Count = z.int().nonnegative();

/** Where the next page starts. */
export const Next = z
  .string()
  .nullable()
  .describe('Give it back as `cursor`, unchanged, for the next page; null on the last one.');
