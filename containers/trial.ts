/**
 * The container `test` of docker-compose.yml: acts as HelloID's agent on invented people, has the connector deliver, and judges what
 * then lies at the far side as Spend Cloud's import would. Exit code 0 when Spend Cloud becomes what HelloID wanted, else 1.
 */
import { readFileSync } from 'node:fs';
import { differences, expectedOf, type Entitled } from '../demo/expected.ts';
import { helloId } from '../demo/helloid.ts';
import { departments, titles } from '../demo/names.ts';
import { married, organisation, type Person } from '../demo/organisation.ts';
import { emptySpendCloud, importFiles } from '../demo/spend-cloud.ts';
import { readDelivered } from '../demo/stage.ts';
import { deliver, type Operator } from './deliver.ts';

const { CONNECTOR_URL = 'http://trial:7071', INBOX = '/inbox' } = process.env;
const secret = (name: string) => readFileSync(`/run/secrets/${name}`, 'utf8').trim();

try {
  await trial();
} catch (error) {
  process.stderr.write(`FAILED: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function trial(): Promise<void> {
  const signal = AbortSignal.timeout(120_000);
  const agent = helloId(CONNECTOR_URL, secret('agent-key'), signal);
  const operator: Operator = { address: CONNECTOR_URL, key: secret('operator-key'), signal };
  const [leaver, newlywed, ...others] = organisation(1872, 40);
  if (!leaver || !newlywed) throw new Error('there is nobody to act on');

  tell('HelloID grants 40 people an account.');
  for (const person of [leaver, newlywed, ...others]) await agent.create(person);
  await delivery([leaver, newlywed, ...others]);

  // a new last name with the same username: another username would wait for an operator
  const renamed = {
    ...married(newlywed, { prefix: 'van', name: 'Nieuwenhuizen' }, new Set()),
    username: newlywed.username,
  };
  tell('One leaves, one marries.');
  await agent.remove(leaver);
  await agent.update(renamed);
  await delivery([renamed, ...others]);

  tell('Spend Cloud is what HelloID wanted.');

  async function delivery(people: readonly Person[]): Promise<void> {
    const run = await deliver(operator, tell);
    const wrong = await judge(
      new Map(people.map((person) => [person.externalId, { person, username: person.username }])),
    );
    if (wrong.length > 0)
      throw new Error(`after run ${run} Spend Cloud is not what HelloID wanted:\n  ${wrong.slice(0, 10).join('\n  ')}`);
    tell(`  Run ${run} is delivered; Spend Cloud imports it without a fault: ${people.length} people can log in.`);
  }
}

/** In what a Spend Cloud that imports these files differs from what is wanted, a line each. */
async function judge(wanted: Entitled): Promise<string[]> {
  const registered = {
    units: new Set(departments.map(({ name }) => name)),
    profiles: new Set(titles.map(({ code }) => code)),
  };
  const { state, persons, roles } = importFiles(emptySpendCloud(registered), await readDelivered(INBOX));
  const refused = [...persons.errors, ...roles.errors].map(({ row, reason }) => `refused row ${row}: ${reason}`);
  return [...refused, ...differences(expectedOf(wanted), state)];
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
