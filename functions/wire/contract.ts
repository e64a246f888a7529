import { z } from 'zod';
import { otherMember } from '../../shared/domain/code-fields.ts';
import type { Contract, ContractPart } from '../../shared/domain/contracts.ts';
import { isBlank } from '../../shared/domain/text.ts';
import type { Policy } from '../../shared/policy.ts';
import type { Members } from './body.ts';
import { Flag, memberOf, members, Text } from './shape.ts';

/** The parts of a contract that this policy's paths lead to. */
export function contractShape({ roles }: Policy) {
  const tree: PathTree = { ExternalId: {}, StartDate: {}, EndDate: {} };
  for (const path of [roles.unit.name, roles.unit.code, roles.profile.name, roles.profile.code])
    grow(tree, path.split('.'));
  for (const path of [otherMember(roles.unit.code), otherMember(roles.profile.code)])
    if (path !== null) grow(tree, path.split('.'), beside);
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
    unit: partOf(contract, roles.unit),
    profile: partOf(contract, roles.profile),
  };
}

function partOf(contract: Members, { name, code }: Policy['roles']['unit']): ContractPart {
  const other = otherMember(code);
  const part = { name: textAt(contract, name), code: textAt(contract, code) };
  return other === null ? part : { ...part, otherCode: textAt(contract, other) };
}

interface PathTree {
  [name: string]: PathTree;
}

/** The end of a path that no role is made of. */
const beside: PathTree = {};

/** What cannot be read there is no reason to refuse a contract. */
const TextIfAny = z.preprocess((value) => Text.safeParse(value).data, Text);

function grow(tree: PathTree, [name, ...rest]: string[], end: PathTree = {}): void {
  if (name === undefined) return;
  const known = Object.keys(tree).find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
  grow((tree[known] ??= rest.length === 0 ? end : {}), rest, end);
}

function shapesOf(tree: PathTree): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, below]): [string, z.ZodType] => {
      if (below === beside) return [name, TextIfAny];
      return [name, Object.keys(below).length === 0 ? Text : members(shapesOf(below)).nullish()];
    }),
  );
}

function textAt(contract: Members, path: string): string | null {
  let value: unknown = contract;
  for (const name of path.split('.')) value = memberOf(value, name);
  return typeof value === 'string' && !isBlank(value) ? value : null;
}
