import { z } from 'zod';
import type { ResourceItem } from '../../shared/domain/resources.ts';
import type { HttpRequest } from '../http.ts';
import { readBody } from './body.ts';
import { Flag, list, members, memberOf, notTruncated, readShape, Text } from './shape.ts';

/** The shape of a body with what HelloID collected; the items are looked into one by one. */
export const resourcesShape = members({
  actionContext: members({ Origin: Text, DryRun: Flag }),
  resourceContext: members({ SourceData: list(notTruncated(z.unknown())) }).nullish(),
});

const Department = members({ ExternalId: Text, DisplayName: Text });
const Title = members({ Code: Text, Name: Text });

/** The values of one contract field that HelloID collected: departments or titles, told apart by their members. */
export interface ResourcesAction {
  items: ResourceItem[];
  origin: string | null;
  dryRun: boolean;
}

export function resourcesReader(): (request: HttpRequest) => Promise<ResourcesAction> {
  return async (request) => {
    const { actionContext, resourceContext } = readShape(resourcesShape, await readBody(request));
    return {
      items: (resourceContext?.SourceData ?? []).map(itemOf),
      origin: actionContext.Origin ?? null,
      dryRun: actionContext.DryRun ?? false,
    };
  };
}

/** A fault of one item is that item's: the others go on. */
function itemOf(item: unknown): ResourceItem {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return {
      kind: 'fault',
      fault: 'not an object; choose the whole department or title as resource, not one of its members',
    };
  if (memberOf(item, 'DisplayName') !== undefined) {
    const department = Department.safeParse(item);
    if (!department.success) return faultOf(department.error);
    const { ExternalId, DisplayName } = department.data;
    return { kind: 'unit', code: ExternalId ?? null, name: DisplayName ?? null };
  }
  const title = Title.safeParse(item);
  if (!title.success) return faultOf(title.error);
  return { kind: 'profile', code: title.data.Code ?? null, name: title.data.Name ?? null };
}

function faultOf({ issues }: z.ZodError): ResourceItem {
  return { kind: 'fault', fault: issues.map(({ path, message }) => `${path.join('.') || 'it'} ${message}`).join('; ') };
}
