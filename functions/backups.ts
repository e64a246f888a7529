import { answerJson, type Route } from './http.ts';

/** The backups that lie here, newest first. */
export const backups: Route = {
  name: 'backups',
  method: 'GET',
  path: 'backups',
  scope: 'viewer',
  async handler(_call, { backups: made, config }) {
    const found = await made.list();
    return answerJson({
      backups: found.map(({ name, at, bytes }) => ({ name, at: at.toISOString(), bytes })),
      failure: (await made.failure()) ?? null,
      offMachine: config.backup !== null,
    });
  },
};
