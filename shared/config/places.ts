import { z } from 'zod';
import { variable } from './variables.ts';

const path = z.string();

/** One that is made where it is missing: `~` would become a folder of that name. */
const madePath = variable((value) => !/^~([/\\]|$)/.test(value), 'a path without ~, which only a shell understands');

/** Where things lie on this machine. A relative path starts at the folder in which the program is started. */
export const Places = z.object({
  DATA_DIR: madePath
    .default('./data')
    .describe(
      'The folder of the database, keys, outbox, archive and backups. A local disk or a named Docker volume, never a network share.',
    ),
  CONFIG_FILE: path.optional().describe('The policy file; without it `./connector.json`, if there is one.'),
  OUTBOX_DIR: madePath
    .optional()
    .describe(
      'The folder to deliver to; without it `outbox` in `DATA_DIR`. May be a mounted share: once delivered to, it is not made again when it is gone.',
    ),
  TLS_CERT_FILE: path
    .optional()
    .describe('The certificate of our own server as PEM, with its chain; makes it HTTPS, together with the key.'),
  TLS_KEY_FILE: path.optional().describe('The private key of that certificate as PEM, not encrypted.'),
});
