import type { App } from '../app.ts';
import { decideResources, type ResourceItem, type ResourcesDecision } from '../domain/resources.ts';
import type { Caller } from '../store/accounts.ts';

/** Keeps the departments and titles that HelloID knows; those that cannot be kept fail the action and stop no other. */
export async function recordResources(
  { resources, rules }: App,
  { items, dryRun }: { items: ResourceItem[]; dryRun: boolean },
  caller: Caller,
): Promise<ResourcesDecision> {
  const decision = decideResources(items, rules.fits, dryRun);
  if (!dryRun) await resources.record(decision, caller);
  return decision;
}
