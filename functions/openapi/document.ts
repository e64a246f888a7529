import type { Policy } from '../../shared/policy.ts';
import { packageVersion } from '../../shared/version.ts';
import type { Route } from '../http.ts';
import { headerComponents } from './answer-headers.ts';
import { componentSchemas } from './component-schemas.ts';
import { tags } from './description.ts';
import { descriptions } from './descriptions.ts';
import { story } from './examples.ts';
import { operationOf } from './operation.ts';
import { refusalResponses } from './refusals.ts';
import { schemasOf } from './schemas.ts';

/** The OpenAPI document of these routes, with the account fields and contract paths of this policy. */
export function openApiDocument(routes: readonly Route[], policy: Policy): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Spend Cloud connector for HelloID',
      version: packageVersion(),
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: pathsOf(routes),
    components: {
      schemas: componentSchemas(schemasOf(policy)),
      responses: refusalResponses(),
      headers: headerComponents,
      securitySchemes: {
        header: { type: 'apiKey', in: 'header', name: 'x-functions-key', description: keys },
        query: { type: 'apiKey', in: 'query', name: 'code', description: 'For a client that can send no header.' },
      },
    },
  };
}

const introduction = `HelloID tells who has an account and which roles; once a day two CSV files go to Spend Cloud.

Bodies are JSON in UTF-8, 4 MB at most. Members are found in any casing and unknown ones are ignored. Where text is asked for, numbers, booleans
and typed dates are taken as well; a list of one may come as its bare element. What \`ConvertTo-Json\` cut off (\`"@{…}"\`) is refused.`;

const keys =
  'The scope that an operation needs stands in its security requirement; a key of scope `operator` may do everything.';

function pathsOf(routes: readonly Route[]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const description = descriptions[route.name];
    if (!description) throw new Error(`the route ${route.name} is not described in functions/openapi/descriptions`);
    const examples = story.filter((example) => example.route === route.name);
    (paths[`/${route.path}`] ??= {})[route.method.toLowerCase()] = operationOf(route, description, examples);
  }
  return paths;
}
