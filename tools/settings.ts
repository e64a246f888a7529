import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Kind, Sftp } from '../shared/config/delivery.ts';
import { Environment } from '../shared/config/environment.ts';
import { Keys } from '../shared/config/keys.ts';
import { Places } from '../shared/config/places.ts';
import { secrets } from '../shared/config/reading.ts';
import { Policy } from '../shared/policy.ts';

type Schema = z.core.JSONSchema.BaseSchema;

const introduction = `# Settings
Made from the validators by \`npm run settings\`; a test compares it with them.

Machine and secrets come from the environment, policy from \`connector.json\`. Everything has a sound default but the far side of SFTP. A wrong setting stops the start with exit code 2 and one message that
names every wrong one, and no value of a secret. \`npx spendcloud config check\` reads them all and says what was understood; after a change the connector must be restarted.

An empty variable counts as absent. What is marked **secret** can also lie in a file: the variable's name with \`_FILE\` behind it, and the file's path as its value. The two together are refused.`;

const head = '| setting | default | value | meaning |\n| --- | --- | --- | --- |';

if (import.meta.main) writeFileSync(new URL('../docs/settings.md', import.meta.url), settingsPage());

/** The text of docs/settings.md, made from the validators. */
export function settingsPage(): string {
  return `${[introduction, ...environmentPart(), ...policyPart()].join('\n\n')}\n`;
}

function environmentPart(): string[] {
  const schemas = [Environment, Keys, Kind, Sftp, Places];
  const all = Object.assign({}, ...schemas.map(({ shape }) => shape)) as Record<string, z.ZodType>;
  const rest = new Set(Object.keys(all));
  const table = (title: string, belongs: RegExp): string => {
    const names = [...rest].filter((name) => belongs.test(name));
    for (const name of names) rest.delete(name);
    const rows = names.map((name) => rowOfVariable(name, all[name] ?? z.string()));
    return `### ${title}\n${head}\n${rows.join('\n')}`;
  };
  return [
    '## Environment',
    table('Data and policy', /^(DATA_DIR|CONFIG_FILE)$/),
    table('Our own server', /^(HOST|PORT|TLS_.*|LOG_LEVEL)$/),
    table('Keys', /^(AGENT|VIEWER|OPERATOR)_KEY$/),
    table('Delivery', /^(DELIVERY|OUTBOX_DIR|SFTP_.*)$/),
    table('Backups', /^BACKUP_/),
    table('Notifications', /^/),
  ];
}

/** The default is what reading nothing gives: the JSON Schema does not tell one behind a transform. */
function rowOfVariable(name: string, schema: z.ZodType): string {
  const { success, data } = schema.safeParse(undefined);
  return row(name, schemaOf(schema), defaultOf(success ? data : undefined));
}

function policyPart(): string[] {
  const sections = Object.entries(schemaOf(Policy).properties ?? {}).filter(([name]) => name !== '$schema');
  const defaults = Policy.parse({}) as Record<string, unknown>;
  return [
    `## connector.json
Comments and trailing commas are allowed; a key that is not known is refused. [connector.example.json](../connector.example.json) shows every key with its default, and
[connector.schema.json](../connector.schema.json) explains them in an editor. Paths of tables are relative to the folder of \`connector.json\`.`,
    ...sections.map(([name, schema]) => {
      const section = schema as Schema;
      const rows = leavesOf(name, section, defaults[name]);
      return `### ${name}\n${section.description ?? ''}\n\n${head}\n${rows.join('\n')}`;
    }),
  ];
}

/** A row for each setting in a section: sections in it are opened, lists shown by their items. */
function leavesOf(path: string, schema: Schema, usual: unknown): string[] {
  if (schema.properties) {
    const own = path.includes('.') ? [row(path, schema, '')] : [];
    const inner = Object.entries(schema.properties).flatMap(([name, inner]) =>
      leavesOf(`${path}.${name}`, inner as Schema, (usual as Record<string, unknown> | undefined)?.[name]),
    );
    return [...own, ...inner];
  }
  const items = schema.items as Schema | undefined;
  const value = usual === null && !valueOf(schema).includes('null') ? { ...schema, nullable: true } : schema;
  const more = items?.properties ? leavesOf(`${path}[]`, items, undefined) : [];
  return [row(path, value, items && usual ? listOf(usual) : defaultOf(usual)), ...more];
}

function row(name: string, schema: Schema, usual: string): string {
  const secret = (secrets as readonly string[]).includes(name) ? '**secret** ' : '';
  return `| \`${name}\` | ${usual} | ${secret}${valueOf(schema)}${schema.nullable ? ' or `null`' : ''} | ${schema.description ?? ''} |`.replaceAll(
    / {2,}/g,
    ' ',
  );
}

function valueOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(valueOf).join(' or ');
  if (schema.enum) return schema.enum.map((one) => `\`${String(one)}\``).join(' ');
  if (schema.properties) return 'a section';
  if (schema.type === 'boolean') return '`true` `false`';
  if (schema.type === 'integer') return `${schema.minimum ?? 0} to ${schema.maximum ?? ''}`;
  if (schema.type === 'number') return `${schema.minimum ?? 0} to ${schema.maximum ?? ''}, a percentage`;
  if (schema.type === 'array') return 'a list';
  return schema.type === 'null' ? '`null`' : 'text';
}

function listOf(items: unknown): string {
  return Array.isArray(items) && items.length > 0
    ? items.map((item) => `\`${(item as { header: string }).header}\``).join(' ')
    : '`[]`';
}

function defaultOf(usual: unknown): string {
  if (usual === undefined) return '';
  return `\`${typeof usual === 'string' ? usual : JSON.stringify(usual)}\``;
}

function schemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input' });
}
