import { z } from 'zod';
import { Policy } from '../../shared/policy.ts';

/** `path: message`, and for an unknown key its own path. */
export function faultsOf(policy: unknown): string[] {
  const { error } = Policy.safeParse(policy);
  const faults = (error?.issues ?? []).flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [key]) : [[]];
    return keys.map((key) => `${z.core.toDotPath([...issue.path, ...key])}: ${issue.message}`);
  });
  return [...new Set(faults)];
}
