import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { client } from '../helpers.ts';
import { startDaemon, type Daemon } from './daemon.ts';
import type { Ingredients } from './ingredients.ts';
import { makeStandIns, standIns } from './stand-ins.ts';

/** A daemon with the images that docker-compose.yml names, and a copy of the project as one who just fetched it has it. */
export interface Scene extends Daemon {
  project: string;
  /** The id of a service's container. */
  container(service: string): Promise<string>;
  /** A member of what `docker inspect` tells of a container or image, as a Go template gives it. */
  inspect(name: string, template: string): Promise<string>;
  /** Runs a command in a service's container. */
  inside(service: string, ...command: string[]): Promise<string>;
  /** Starts a profile, and waits until one of its services is healthy. */
  up(profile: string, service: string): Promise<void>;
}

// what a checkout holds that the images and the compose file are made of; a user's own additions stay out
const parts = [
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'host.json', 'local.settings.json'],
  ...['bin', 'cli', 'containers', 'dashboard', 'demo', 'functions', 'server', 'shared', 'docker', 'test/samples'],
  ...['Dockerfile', '.dockerignore', 'docker-compose.yml', '.env'],
];
const root = fileURLToPath(new URL('../..', import.meta.url));

export const address = 'http://127.0.0.1:7071';
export const { get, post } = client(address);

/** Needs what `main.ts` prepares and hands over. */
export async function openScene(): Promise<Scene> {
  const { CONTAINERS_WORK: work, CONTAINERS_INGREDIENTS: made } = process.env;
  if (!work || !made) throw new Error('Run these tests by: npm run test:containers');
  const project = join(work, 'project');
  mkdirSync(project);
  for (const part of parts) cpSync(join(root, part), join(project, part), { recursive: true });

  const daemon = await startDaemon(work, project, standIns);
  try {
    await makeStandIns(daemon, JSON.parse(made) as Ingredients, work, project);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  const { docker, compose } = daemon;
  const container = async (service: string) => (await compose('ps', '--quiet', service)).trim();
  const inspect = async (name: string, template: string) =>
    (await docker('inspect', '--format', template, name)).trim();
  return {
    ...daemon,
    project,
    container,
    inspect,
    inside: async (service, ...command) => docker('exec', await container(service), ...command),
    async up(profile, service) {
      await compose('--profile', profile, 'up', '--detach', '--no-build');
      const id = await container(service);
      for (;;) {
        const health = await inspect(id, '{{.State.Status}} {{.State.Health.Status}}');
        if (health === 'running healthy') return;
        if (!health.startsWith('running')) throw new Error(`${service} is ${health}: ${await docker('logs', id)}`);
        await wait(250);
      }
    },
  };
}
