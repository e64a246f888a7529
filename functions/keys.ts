import { answerJson, type Route } from './http.ts';

/** Which keys there are and when each was used last; never a key itself. */
export const keys: Route = {
  name: 'keys',
  method: 'GET',
  path: 'keys',
  scope: 'viewer',
  handler: (_call, { keys: known, keyUse }) => {
    const shown = known.list().map(({ name, scope, createdAt }) => {
      const last = keyUse.lastUse(name);
      // a name that was given anew says nothing of the key before
      const lastUsedAt = last !== null && last >= (createdAt ?? '') ? last : null;
      return { name, scope, createdAt, lastUsedAt, fixed: createdAt === null };
    });
    return Promise.resolve(answerJson({ keys: shown }));
  },
};
