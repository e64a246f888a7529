import { z } from 'zod';
import { Reference } from '../wire/reference.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The address of a named schema within the document. */
export function schemaReference(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** Named zod schemas as the document's JSON Schemas, which refer to each other by name. */
export function componentSchemas(schemas: Readonly<Record<string, z.ZodType>>): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  // bodies are described by what their preprocessing leaves: that is the form to send
  const made = z.toJSONSchema(registry, { io: 'output', uri: (id) => schemaReference(id).$ref, override: adapt });
  return Object.fromEntries(Object.entries(made.schemas).map(([name, schema]) => [name, withoutAddress(schema)]));
}

/** The dialect is said once for the document, and names are by place. */
function withoutAddress({ $schema, $id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

function adapt({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void {
  // bodies may hold more than we read, and answers may come to say more
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if ((zodSchema as z.core.$ZodType) !== Reference) return;
  // text becomes such an object before it is looked at
  jsonSchema.description = 'Text, or an object around that text.';
  jsonSchema.anyOf = [{ type: 'string' }, ...(jsonSchema.anyOf ?? [])];
}
