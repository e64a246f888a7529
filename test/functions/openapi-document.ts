import { expect } from 'vitest';
import type { TestServer } from '../helpers.ts';

/** The parts of the OpenAPI document that the tests look into. */
export interface OpenApi {
  openapi: string;
  info: { version: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { properties?: Record<string, unknown>; required?: string[] }>;
    responses: Record<string, { content: Content }>;
    securitySchemes: Record<string, object>;
  };
}

export interface Operation {
  operationId: string;
  tags: string[];
  description: string;
  security: Record<string, string[]>[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { $ref?: string; content?: Content }>;
}

export type Content = Record<string, { schema: { $ref?: string }; examples?: Record<string, { value: unknown }> }>;

/** The document as a running server answers it. */
export async function readDocument(server: Pick<TestServer, 'get'>): Promise<OpenApi> {
  const { status, json, text } = await server.get('openapi.json');
  expect(status, text).toBe(200);
  return json;
}

/** The operations by the names of their routes. */
export function operationsOf({ paths }: OpenApi): Map<string, Operation> {
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  return new Map(operations.map((operation) => [operation.operationId, operation]));
}
