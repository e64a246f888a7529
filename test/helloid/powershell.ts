import { createRequire } from 'node:module';
import type * as TreeSitter from '@vscode/tree-sitter-wasm';

// The parser and the grammar that VS Code uses, as WebAssembly; required, because Node finds no named exports in it.
const require = createRequire(import.meta.url);
const { Language, Parser } = require('@vscode/tree-sitter-wasm') as typeof TreeSitter;
type Node = TreeSitter.Node;

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm')));

/** What the kit may call, with which parameters: all of it is in Windows PowerShell 5.1, and none of it is an alias. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'Add-Type': ['-AssemblyName'],
  'ConvertFrom-Answer': ['-Json'],
  'ConvertFrom-Json': ['-InputObject'],
  'ConvertTo-Json': ['-InputObject', '-Depth', '-Compress'],
  'Invoke-Connector': ['-Action', '-Body', '-TimeoutSec'],
  'Remove-Mark': ['-Value'],
  'Resolve-ConnectorError': ['-ErrorRecord'],
  'Send-Request': ['-Uri', '-Key', '-Json', '-TimeoutSec'],
  'Set-StrictMode': ['-Off'],
  'Write-Error': ['-Message', '-ErrorAction'],
  'Write-Output': ['-InputObject'],
  'Write-Warning': ['-Message'],
};

/** Everything that keeps a script from running in Windows PowerShell 5.1, or from being read with ease. */
export function objections(text: string): string[] {
  const root = parse(text);
  return [
    ...(root.hasError
      ? [
          `not PowerShell 5.1: ${all(root, 'ERROR')
            .map((node) => node.text)
            .join(' … ')}`,
        ]
      : []),
    ...all(root, 'pipeline_chain_tail').map((node) => `only in PowerShell 7: ${node.parent?.text ?? ''}`),
    ...all(root, 'foreach_command').map((node) => `an alias: ${node.text}`),
    ...all(root, 'command').flatMap(commandObjections),
  ];
}

export type Outline = { [name: string]: string | Outline };

/** The table that a script assigns to `$body`: names, and at the ends the PowerShell that gives the value. */
export function bodyOutline(text: string): Outline {
  const found = table(parse(text), '$body');
  if (!found) throw new Error('The script has no $body');
  return found;
}

function commandObjections(command: Node): string[] {
  const name = all(command, 'command_name')[0]?.text ?? '';
  const allowed = commands[name];
  if (!allowed) return name === '' ? [] : [`not a command of the kit: ${name}`];
  return parameters(command)
    .filter((parameter) => !allowed.includes(parameter))
    .map((parameter) => `${name} may not have ${parameter}`);
}

/** Of this command only, not of those in its arguments. */
function parameters(command: Node): string[] {
  const elements = command.namedChildren.find((child) => child?.type === 'command_elements');
  return (elements?.namedChildren ?? []).flatMap((child) => (child?.type === 'command_parameter' ? [child.text] : []));
}

function table(root: Node, variable: string): Outline | undefined {
  const assignment = all(root, 'assignment_expression').find((node) => node.firstNamedChild?.text === variable);
  const value = assignment?.lastNamedChild;
  const literal = value && all(value, 'hash_literal_expression')[0];
  return literal ? outline(literal) : undefined;
}

function outline(literal: Node): Outline {
  const entries = (literal.firstNamedChild?.namedChildren ?? []).flatMap((entry) => {
    const [key, value] = entry?.namedChildren ?? [];
    if (!key || !value) return [];
    const inner = value.text.startsWith('@{') ? all(value, 'hash_literal_expression')[0] : undefined;
    return [[key.text, inner ? outline(inner) : value.text] as const];
  });
  return Object.fromEntries(entries);
}

function parse(text: string): Node {
  const tree = parser.parse(text);
  if (!tree) throw new Error('The parser has no language');
  return tree.rootNode;
}

function all(node: Node, type: string): Node[] {
  return node.descendantsOfType(type).filter((found) => found !== null);
}
