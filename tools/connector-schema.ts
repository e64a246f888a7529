import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Policy } from '../shared/policy.ts';

const place = new URL('../connector.schema.json', import.meta.url);

if (import.meta.main) writeFileSync(place, connectorSchema());

/** The text of connector.schema.json, made from the validator. */
export function connectorSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(Policy, { io: 'input' });
  const titled = { $schema, title: 'Settings of the Spend Cloud connector (connector.json)', ...schema };
  return `${JSON.stringify(titled, null, 2)}\n`;
}
