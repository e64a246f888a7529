import type { App } from '../shared/app.ts';
import { answerJson, type Answer, type Route } from './http.ts';

/** All of the routes in OpenAPI 3.1; made at the first call, because it needs the policy and few ever ask. */
export function openApi(routes: () => readonly Route[]): Route {
  const answers = new WeakMap<App, Promise<Answer>>();
  return {
    name: 'openapi',
    method: 'GET',
    path: 'openapi.json',
    scope: 'viewer',
    handler(_call, app) {
      const answer = answers.get(app) ?? describe(routes(), app);
      answers.set(app, answer);
      return answer;
    },
  };
}

async function describe(routes: readonly Route[], { config }: App): Promise<Answer> {
  const { openApiDocument } = await import('./openapi/document.ts');
  return answerJson(openApiDocument(routes, config.policy));
}
