import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../helpers.ts';

const wednesday =
  'People: 3 added, 1 changed, 2 deactivated; roles: 5 added, 3 removed. Now 201 people can log in, with 235 roles.';
const thursday = 'People: 1 reactivated; roles: 1 added. Now 202 people can log in, with 236 roles.';

test('the demo tells its story with the right numbers, and leaves nothing behind', async () => {
  const { code, output, errors, left } = await run(`import { run } from ${source('cli/run.ts')}; await run(['demo']);`);

  expect(errors).toBe('');
  expect(output).toContain('creates accounts: 200 of 200\n');
  expect(output).toMatch(/^Tuesday 05:30.*Users\.csv with 200 rows, Roles\.csv with 233 rows\.$/m);
  expect(output).toContain('It is held: this is the first delivery');
  expect(output).toContain('"voornaam";"tussenvoegsel";"achternaam";"geslacht";"email";"gebruikersnaam";"passief"\n');
  expect(output).toContain('"Organisatorische Eenheid","Gebruikersnaam","Functieprofiel Code"\n');
  expect(output).toContain('People: 200 added; roles: 233 added. Now 200 people can log in, with 233 roles.');
  expect(output).toMatch(/^Wednesday 05:30.*Users\.csv with 203 rows, Roles\.csv with 235 rows\.$/m);
  expect(output).toContain('It is held: the first rows of inactive people.');
  expect(output.match(/;"Ja"$/gm)).toHaveLength(3); // two who left, and one of them still on the next day
  expect(output).toContain(wednesday);
  expect(output).toMatch(/^Thursday 05:30.*goes out by SFTP: Users\.csv with 203 rows, Roles\.csv with 236 rows\.$/m);
  expect(output).toContain(thursday);
  expect(output).toContain('npm start');
  expect(output).not.toContain('\u001B');
  expect({ code, left }).toEqual({ code: 0, left: [] });
});

test('in the other mode leavers are missing from the files, and Spend Cloud ends up with the same people', async () => {
  const program = `import { run } from ${source('cli/run.ts')}; await run(['demo', '--leavers', 'absent']);`;
  const { code, output, errors, left } = await run(program);

  expect(errors).toBe('');
  expect(output).toContain('"voornaam";"tussenvoegsel";"achternaam";"geslacht";"email";"gebruikersnaam"\n');
  expect(output.match(/It is held/g)).toHaveLength(1);
  expect(output).toMatch(/^Wednesday 05:30.*Users\.csv with 201 rows, Roles\.csv with 235 rows\.$/m);
  expect(output).toContain('are missing from both files');
  expect(output).toContain(wednesday);
  expect(output).toMatch(/^Thursday 05:30.*Users\.csv with 202 rows, Roles\.csv with 236 rows\.$/m);
  expect(output).toContain(thursday);
  expect(output).not.toContain('"Ja"');
  expect({ code, left }).toEqual({ code: 0, left: [] });
});

test.each([
  [
    'a person is lost on the way',
    `({ persons: persons.replace('"acelik";', '"acelik0";'), roles })`,
    /missing: employee acelik \|/,
  ],
  [
    'a role is lost on the way',
    `({ persons, roles: roles.slice(0, roles.trimEnd().lastIndexOf('\\n') + 1) })`,
    /missing: role/,
  ],
  [
    'the mark of a leaver is lost on the way',
    `({ persons: persons.replaceAll(';"Ja"', ';'), roles })`,
    /unexpected: employee rkovacevic \|/,
    'Wednesday',
  ],
  ['a file is cut off on the way', `({ persons, roles: roles.slice(0, -3) })`, /refused row 0/],
])('the demo fails, and leaves nothing behind, when %s', async (_what, collected, complaint, day = 'Tuesday') => {
  const { code, errors, left } = await run(`
    import { demo } from ${source('demo/demo.ts')};
    import { readDelivered } from ${source('demo/stage.ts')};
    await demo({ collect: async (inbox) => { const { persons, roles } = await readDelivered(inbox); return ${collected}; } });
  `);

  expect(errors).toContain(`after the import of ${day} Spend Cloud is not what HelloID wanted`);
  expect(errors).toMatch(complaint);
  expect({ code, left }).toEqual({ code: 1, left: [] });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s stops the demo, and leaves nothing behind', async (signal, exitCode) => {
  const { code, output, left } = await run(`import { demo } from ${source('demo/demo.ts')}; await demo();`, signal);

  expect(output).toContain('Stopped; nothing is left behind.');
  expect(output).not.toContain('Thursday');
  expect({ code, left }).toEqual({ code: exitCode, left: [] });
});

/** Runs a program by plain node, with a folder of its own for temporary files; sends the signal, if any, once the story has begun. */
async function run(program: string, signal?: NodeJS.Signals) {
  const entry = join(temporaryFolder(), 'entry.mjs');
  writeFileSync(entry, program);
  const temporary = temporaryFolder();
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  if (signal) child.stdout.once('data', () => child.kill(signal));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors, left: readdirSync(temporary) };
}

/** The address of a source file, as an import in a program writes it. */
function source(path: string): string {
  return JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
}
