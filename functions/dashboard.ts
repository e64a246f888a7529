import { negotiate } from '@fastify/accept-negotiator';
import { AppError } from '../shared/errors.ts';
import { builtDashboard, dashboardFiles, encodings, type DashboardFiles } from './dashboard-files.ts';
import type { Answer, Call, Route } from './http.ts';

/** Nothing from elsewhere, nothing inline, and no other page may put this one in a frame. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page itself, and what it is made of; needs no key, because the key is asked for there. */
export function dashboardRoutes(folder: string): [page: Route, asset: Route] {
  const files = dashboardFiles(folder);
  return [
    {
      name: 'dashboard',
      method: 'GET',
      path: 'dashboard',
      scope: 'anonymous',
      handler: async (call) => serve(call, await files(), 'index.html', 'no-cache'),
    },
    {
      name: 'dashboard-asset',
      method: 'GET',
      path: 'dashboard/assets/{file}',
      scope: 'anonymous',
      // a changed file has another name
      handler: async (call) =>
        serve(call, await files(), `assets/${call.params.file ?? ''}`, 'public, max-age=31536000, immutable'),
    },
  ];
}

export const [dashboard, dashboardAsset] = dashboardRoutes(builtDashboard());

async function serve(call: Call, files: DashboardFiles, name: string, caching: string): Promise<Answer> {
  const file = files.get(name);
  if (!file) throw new AppError('not-found', 'The dashboard has no such file; load the page again');
  const encoding = file.packable ? negotiate(call.header('accept-encoding') ?? '', [...encodings]) : null;
  const tag = `"${file.tag}${encoding ? `-${encoding}` : ''}"`;
  const headers = {
    'content-type': file.type,
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
    'cache-control': caching,
    vary: 'accept-encoding',
    etag: tag,
  };
  if (call.header('if-none-match') === tag) return { status: 304, headers, body: null };
  if (!encoding) return { status: 200, headers, body: file.bytes };
  return { status: 200, headers: { ...headers, 'content-encoding': encoding }, body: await file.packed(encoding) };
}
