import type { ParameterName } from './parameters.ts';
import type { BodyName, SchemaName } from './schemas.ts';

export const tags = {
  HelloID: "HelloID's actions, as its scripts post them.",
  operators: 'Accounts, deliveries and decisions about them, for people.',
  monitoring: 'For probes, monitoring and tools.',
} as const;

/** A named schema (JSON), or another media type. */
export type Content = SchemaName | `text/${string}`;

/** What a route does, in words and by the names of schemas; what every route has is not repeated here. */
export interface Description {
  tag: keyof typeof tags;
  summary: string;
  /** Markdown; what the summary leaves open. */
  details?: string;
  /** What the query may hold. */
  query?: readonly ParameterName[];
  body?: BodyName;
  /** Whether the request may come without a body. */
  bodyIsOptional?: true;
  /** What is answered to a request that is carried out, by status; or 503 where that is an answer like any other. */
  answers: Partial<Record<200 | 202 | 503, Content | readonly Content[]>>;
  /** Refusals besides those that keys, bodies and parameters bring along. */
  refuses?: readonly (404 | 409)[];
}

/** Descriptions by the names of their routes. */
export type Descriptions = Readonly<Record<string, Description>>;
