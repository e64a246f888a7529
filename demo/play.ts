import type { Expected } from './expected.ts';
import type { HelloId } from './helloid.ts';
import { fullName, type Person } from './organisation.ts';
import type { SpendCloud } from './spend-cloud.ts';
import type { Leavers } from './spend-cloud-files.ts';
import type { Delivered, Stage } from './stage.ts';
import type { Story } from './story.ts';

/** Everything the demo moves about in, and what it believes to be true. */
export interface Play {
  story: Story;
  stage: Stage;
  /** How the files and Spend Cloud's import definition tell of leavers. */
  leavers: Leavers;
  helloId: HelloId;
  /** How Spend Cloud fetches the delivered files. */
  collect: (inbox: string) => Promise<Delivered>;
  /** Who HelloID wants to be able to log in, by personnel number. */
  entitled: Map<string, { person: Person; username: string }>;
  spendCloud: SpendCloud;
  /** What Spend Cloud knew, rightly, after its last import. */
  expected: Expected;
}

/** What went otherwise than the demo promises. */
export function demand(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Error(`The demo did not go as it should: ${otherwise}`);
}

/** Calls the connector as its operator; the answer is what the caller says it is. */
export async function operate<Reply>({ stage, story }: Play, path: string, body?: object): Promise<Reply> {
  const response = await fetch(`${stage.address}/api/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'x-functions-key': stage.keys.operator, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: story.signal,
  });
  const reply = (await response.json()) as Reply & { message?: string };
  demand(response.ok, `${path} was answered ${response.status}: ${reply.message ?? ''}`);
  return reply;
}

export function named(people: readonly Person[]): string {
  return new Intl.ListFormat('en-GB').format(people.map(fullName));
}
