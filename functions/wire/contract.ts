import type { z } from 'zod';
import type { Contract } from '../../shared/domain/contracts.ts';
import { isBlank } from '../../shared/domain/text.ts';
import type { Policy } from '../../shared/policy.ts';
import type { Members } from './body.ts';
import { Flag, memberOf, members, Text } from './shape.ts';

/** The parts of a contract that this policy's paths lead to. */
export function contractShape({ roles }: Policy) {
  const tree: PathTree = { ExternalId: {}, StartDate: {}, EndDate: {} };
  for (const path of [roles.unit.name, roles.unit.code, roles.profile.name, roles.profile.code])
    grow(tree, path.split('.'));
  return members({ ...shapesOf(tree), Context: members({ InConditions: Flag }).nullish() });
}

/** A contract in our terms, read from what that shape let through. */
export function contractOf(contract: Members, { roles }: Policy): Contract {
  const text = (path: string) => textAt(contract, path);
  return {
    externalId: text('ExternalId'),
    inConditions: (memberOf(contract.Context, 'InConditions') as boolean | null | undefined) ?? null,
    startDate: text('StartDate'),
    endDate: text('EndDate'),
    unit: { name: text(roles.unit.name), code: text(roles.unit.code) },
    profile: { name: text(roles.profile.name), code: text(roles.profile.code) },
  };
}

interface PathTree {
  [name: string]: PathTree;
}

function grow(tree: PathTree, [name, ...rest]: string[]): void {
  if (name === undefined) return;
  const known = Object.keys(tree).find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
  grow((tree[known] ??= {}), rest);
}

function shapesOf(tree: PathTree): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, below]) => [
      name,
      Object.keys(below).length === 0 ? Text : members(shapesOf(below)).nullish(),
    ]),
  );
}

function textAt(contract: Members, path: string): string | null {
  let value: unknown = contract;
  for (const name of path.split('.')) value = memberOf(value, name);
  return typeof value === 'string' && !isBlank(value) ? value : null;
}
