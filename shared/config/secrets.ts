import { resolve } from 'node:path';
import { type Given, inFiles, type Report, secrets } from './reading.ts';
import { messageOf, readTextFile } from './text-file.ts';

/** What the environment gives: empty values are absent, secrets are read from the files that `X_FILE` names. */
export function readGiven(env: NodeJS.ProcessEnv, cwd: string, report: Report): Given {
  const given = withoutEmpty(env);
  for (const name of inFiles) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) report(name, `found together with ${name}_FILE, expected one of the two`);
    else given[name] = readSecret(resolve(cwd, file), name, report);
  }
  return given;
}

function withoutEmpty(env: NodeJS.ProcessEnv): Given {
  const given: Given = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value.trim() === '') continue;
    // Spaces may belong to a secret.
    given[name] = (secrets as readonly string[]).includes(name) ? value : value.trim();
  }
  return given;
}

function readSecret(path: string, name: (typeof inFiles)[number], report: Report): string | undefined {
  const what = name === 'SFTP_HOST_KEY' ? 'the host key' : 'the secret';
  try {
    const secret = readTextFile(path).replace(/[\r\n]+$/, '');
    if (secret.trim() !== '') return secret;
    report(`${name}_FILE`, `the file ${path} is empty, expected ${what} in it`);
  } catch (error) {
    report(`${name}_FILE`, `${messageOf(error)}, expected a file with ${what}`);
  }
  return undefined;
}
