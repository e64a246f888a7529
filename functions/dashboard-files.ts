import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { AppError } from '../shared/errors.ts';
import { packageFolder } from '../shared/version.ts';

export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

/** A file of the dashboard's build, in memory. */
export interface DashboardFile {
  type: string;
  /** Changes with the content. */
  tag: string;
  bytes: Buffer;
  /** Whether packing makes it smaller: pictures and fonts are packed already. */
  packable: boolean;
  /** Packed once, at first use. */
  packed(encoding: Encoding): Promise<Buffer>;
}

/** What the build made: `index.html` and the names in `assets/`. Nothing else can be served. */
export type DashboardFiles = ReadonlyMap<string, DashboardFile>;

/** Only what a page is made of; source maps stay here. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};
const packable = /^text\/|json|svg/;

/** Reads the build at the first call and keeps it; where there is none yet, the next call looks again. */
export function dashboardFiles(folder: string): () => Promise<DashboardFiles> {
  let reading: Promise<DashboardFiles> | undefined;
  return () => {
    reading ??= readBuild(folder).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

/** Where `npm run build` puts the dashboard, seen from the sources and from the build. */
export function builtDashboard(): string {
  return join(packageFolder(), 'dist', 'dashboard');
}

async function readBuild(folder: string): Promise<DashboardFiles> {
  try {
    const index = await readOne(join(folder, 'index.html'));
    const assets = (await namesIn(join(folder, 'assets'))).filter((name) => extname(name) in types);
    const read = assets.map(async (name) => [`assets/${name}`, await readOne(join(folder, 'assets', name))] as const);
    return new Map([['index.html', index], ...(await Promise.all(read))]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new AppError('unavailable', 'The dashboard was not built; run: npm run build', { cause: error });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

async function readOne(path: string): Promise<DashboardFile> {
  const bytes = await readFile(path);
  const type = types[extname(path)] ?? 'application/octet-stream';
  const made = new Map<Encoding, Promise<Buffer>>();
  return {
    type,
    tag: hash('sha256', bytes).slice(0, 32),
    bytes,
    packable: packable.test(type),
    packed: (encoding) => {
      const packed = made.get(encoding) ?? packers[encoding](bytes);
      made.set(encoding, packed);
      return packed;
    },
  };
}

const packers: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }, // the best quality, which is the default
    }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
};
