import { readFileSync } from 'node:fs';
import { listMembers, pageSize, type KitScript } from './scripts.ts';

/** The whole text of one script of the kit. */
export function renderScript(script: KitScript): string {
  return fill(part(script.answer.part), {
    header: header(script),
    connector: part('connector'),
    lists: script.sends.filter(isList).map(listBlock).join('\n'),
    body: body(script),
    action: script.action,
    doing: script.doing,
    timeout: String(script.timeoutSeconds),
    ...answerParts(script),
  });
}

function answerParts({ action, answer }: KitScript): Record<string, string> {
  switch (answer.part) {
    case 'outcome':
      return {
        // HelloID wants a filled reference of create, also in a preview that fails.
        placeholder: action === 'create' ? "$outputContext.AccountReference = 'Currently not available'" : '',
        takes: [memberLoop(answer.takes), ...answer.lists.map(listLoop)].filter(Boolean).join('\n'),
        logAs: answer.logAs,
      };
    case 'import':
      return { item: part(answer.item) };
    default:
      return {};
  }
}

function header({ path, box }: KitScript): string {
  return `# Spend Cloud connector for HelloID: ${path}
# Paste it into ${box}. For Windows PowerShell 5.1 and PowerShell 7; nothing to install.
# Made from tools/helloid-kit by npm run kit: change it there.`;
}

/** Null stays null: that means "not sent", and the connector then keeps what it has. */
function listBlock(path: string): string {
  return `$${variable(path)} = $null
if ($null -ne $${path}) {
    $${variable(path)} = @(foreach ($item in $${path}) { $item })
}`;
}

function memberLoop(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `foreach ($member in ${names.map((name) => `'${name}'`).join(', ')}) {
    if ($null -ne $answer.$member) {
        $outputContext.$member = $answer.$member
    }
}`;
}

function listLoop(name: string): string {
  return `foreach ($item in $answer.${name}) {
    [void] $outputContext.${name}.Add($item)
}`;
}

type Table = { [name: string]: string | Table };

function body({ sends, kind, answer }: KitScript): string {
  const table: Table = {};
  for (const path of sends) put(table, path.split('.'), `$${isList(path) ? variable(path) : path}`);
  if (kind) table.kind = `'${kind}'`;
  if (answer.part === 'import') Object.assign(table, { cursor: '$cursor', pageSize: String(pageSize) });
  return hashtable(table);
}

function put(table: Table, [name = '', ...rest]: string[], expression: string): void {
  if (rest.length === 0) table[name] = expression;
  else put((table[name] ??= {}) as Table, rest, expression);
}

function hashtable(table: Table): string {
  const width = Math.max(...Object.keys(table).map((name) => name.length));
  const lines = Object.entries(table).map(
    ([name, value]) => `${name.padEnd(width)} = ${typeof value === 'string' ? value : hashtable(value)}`,
  );
  return [
    '@{',
    ...lines
      .join('\n')
      .split('\n')
      .map((line) => `    ${line}`),
    '}',
  ].join('\n');
}

function isList(path: string): boolean {
  return listMembers.includes(path);
}

/** `personContext.Person.Contracts` becomes `contracts`. */
function variable(path: string): string {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function part(name: string): string {
  return readFileSync(new URL(`${name}.ps1`, import.meta.url), 'utf8').trimEnd();
}

/** Fills `{{name}}`. Further lines take the indent of the first; a line whose only content is empty goes. */
function fill(template: string, values: Record<string, string>): string {
  const lines = template.split('\n').flatMap((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    const filled = line.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`The template names {{${name}}}, and nothing fills it`);
      return value.replaceAll('\n', `\n${indent}`);
    });
    return filled.trim() === '' && line.trim() !== '' ? [] : [filled];
  });
  return `${lines.join('\n').replace(/ +$/gm, '')}\n`;
}
