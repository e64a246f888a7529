import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../folder.ts';
import { pem } from './examples.ts';
import { faultsOf } from './faults.ts';

describe('the certificate of our own server', () => {
  const another = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  const files = { 'cert.pem': pem('cert'), 'key.pem': pem('key'), 'another.pem': another };

  test.for<[string, Record<string, string>, string[]]>([
    [
      'without its key',
      { TLS_CERT_FILE: 'cert.pem' },
      ['TLS_KEY_FILE: found nothing, expected a private key as PEM, not encrypted: certificate and key go together'],
    ],
    [
      'with another key',
      { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'another.pem' },
      ['TLS_KEY_FILE: found another key than that of the certificate, expected the key of TLS_CERT_FILE'],
    ],
    [
      'that was taken for the key',
      { TLS_CERT_FILE: 'key.pem', TLS_KEY_FILE: 'cert.pem' },
      [
        expect.stringMatching(/^TLS_CERT_FILE: found something else in .*key\.pem, expected a certificate as PEM$/),
        expect.stringMatching(/^TLS_KEY_FILE: found something else in .*cert\.pem, expected a private key as PEM/),
      ],
    ],
    [
      'that is not there',
      { TLS_CERT_FILE: 'gone.pem', TLS_KEY_FILE: 'key.pem' },
      [expect.stringMatching(/^TLS_CERT_FILE: there is no file .*gone\.pem, expected a certificate as PEM$/)],
    ],
  ])('%s is refused', ([, env, faults]) => {
    expect(faultsOf(env, temporaryFolder(files))).toEqual(faults);
  });
});
