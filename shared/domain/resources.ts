import type { LogLine } from './decision.ts';
import { isBlank, textProblem, type Fits } from './text.ts';

/** A department or title that HelloID knows, so that the tables can be checked against it. */
export interface Resource {
  kind: 'unit' | 'profile';
  /** By which the tables find it. */
  code: string;
  name: string | null;
}

/** An item as HelloID sent it, already told apart; `fault` says why it is none. */
export type ResourceItem =
  { kind: Resource['kind']; code: string | null; name: string | null } | { kind: 'fault'; fault: string };

export interface ResourcesDecision {
  kind: 'recorded' | 'recorded-in-part' | 'refused';
  success: boolean;
  /** One for each item, in their order. */
  logs: LogLine[];
  resources: Resource[];
}

const words = {
  unit: { name: 'organisational unit', code: 'ExternalId' },
  profile: { name: 'role profile', code: 'Code' },
} as const;

/** Takes every item that can be taken; one that cannot fails the action and stops none of the others. */
export function decideResources(items: readonly ResourceItem[], fits: Fits, dryRun: boolean): ResourcesDecision {
  const judged = items.map((item, index) => judge(item, index + 1, fits, dryRun));
  const resources = judged.flatMap(({ resource }) => resource ?? []);
  const success = resources.length === items.length;
  const none = log('HelloID sent no departments or titles, so nothing had to be recorded');
  return {
    kind: success ? 'recorded' : resources.length > 0 ? 'recorded-in-part' : 'refused',
    success,
    logs: items.length > 0 ? judged.map(({ line }) => line) : [none],
    resources,
  };
}

function judge(
  item: ResourceItem,
  number: number,
  fits: Fits,
  dryRun: boolean,
): { line: LogLine; resource?: Resource } {
  if (item.kind === 'fault') return { line: log(`Item ${number}: ${item.fault}`, true) };
  const { kind, code, name } = item;
  const what = words[kind];
  if (code === null || isBlank(code))
    return { line: log(`Item ${number}: no ${what.code}, by which a ${what.name} is known`, true) };
  const problem = named(what.code, textProblem(code, fits)) ?? named('name', name && textProblem(name, fits));
  if (problem !== undefined) return { line: log(`Item ${number}: ${problem}`, true) };
  const resource = { kind, code, name: isBlank(name) ? null : name };
  const shown = `[${[code, resource.name].filter((part) => part !== null).join(' ')}]`;
  return { line: log(`${dryRun ? '[DryRun] Would record' : 'Known'} ${what.name}: ${shown}`), resource };
}

function named(member: string, problem: string | null | undefined): string | undefined {
  return problem ? `its ${member} ${problem}` : undefined;
}

function log(message: string, isError = false): LogLine {
  return { action: 'CreateResource', message, isError };
}
