import { AppError } from './errors.ts';

/** The oldest Node that better-sqlite3 runs on; an older one it crashes. */
export const oldestNode = [22, 14];

/** Throws one clear sentence on a Node that is too old; call it before anything loads the database. */
export function refuseOldNode(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new AppError(
    'invalid-settings',
    `Node ${version} is too old: the connector needs Node ${oldestNode.join('.')} or newer (npm ci brings Node 24 along for npm scripts)`,
  );
}
