import { AppError } from '../shared/errors.ts';
import { openKept } from '../shared/export/packed.ts';
import type { Answer, Route } from './http.ts';
import { runOf } from './run-of.ts';

/** A file of a run, byte for byte as it was or will be delivered. */
export const exportFile: Route = {
  name: 'export-file',
  method: 'GET',
  path: 'exports/{id}/files/{name}',
  scope: 'viewer',
  async handler({ params }, app): Promise<Answer> {
    const run = await runOf(params, app);
    const file = run.files.find(({ name }) => name === params.name);
    if (!file) throw new AppError('not-found', 'This run has no file of that name');
    const body = await openKept(app.daily.fileOf(run, file.name));
    if (!body) throw new AppError('not-found', 'The file is not kept any more');
    const encoding =
      app.config.policy.files.persons.fileName === file.name
        ? app.config.policy.files.persons.encoding
        : app.config.policy.files.roles.encoding;
    const headers = {
      'content-type': `text/csv; charset=${encoding}`,
      'content-length': String(file.bytes),
      'content-disposition': attachment(file.name),
    };
    return { status: 200, headers, body };
  },
};

/** The name also for browsers that only know ASCII. */
function attachment(name: string): string {
  return `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
