import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { Given, Report } from './reading.ts';
import { messageOf, readTextFile } from './text-file.ts';

/** PEM texts. */
export interface Tls {
  cert: string;
  key: string;
}

interface Kind<Parsed> {
  name: 'TLS_CERT_FILE' | 'TLS_KEY_FILE';
  expected: string;
  parse: (pem: string) => Parsed;
}

const certificate: Kind<X509Certificate> = {
  name: 'TLS_CERT_FILE',
  expected: 'a certificate as PEM',
  parse: (pem) => new X509Certificate(pem),
};
const privateKey: Kind<KeyObject> = {
  name: 'TLS_KEY_FILE',
  expected: 'a private key as PEM, not encrypted',
  parse: createPrivateKey,
};

/** The certificate and the key of our own server, proven to belong together; null without them. */
export function readTls(given: Given, cwd: string, report: Report): Tls | null {
  if (given.TLS_CERT_FILE === undefined && given.TLS_KEY_FILE === undefined) return null;
  const cert = readPem(certificate, given, cwd, report);
  const key = readPem(privateKey, given, cwd, report);
  if (!cert || !key) return null;
  if (!cert.parsed.checkPrivateKey(key.parsed))
    report('TLS_KEY_FILE', 'found another key than that of the certificate, expected the key of TLS_CERT_FILE');
  return { cert: cert.pem, key: key.pem };
}

function readPem<Parsed>({ name, expected, parse }: Kind<Parsed>, given: Given, cwd: string, report: Report) {
  const file = given[name];
  if (file === undefined) {
    report(name, `found nothing, expected ${expected}: certificate and key go together`);
    return undefined;
  }
  const path = resolve(cwd, file);
  try {
    const pem = readTextFile(path);
    return { pem, parsed: parsed(pem, parse, path) };
  } catch (error) {
    report(name, `${messageOf(error)}, expected ${expected}`);
    return undefined;
  }
}

function parsed<Parsed>(pem: string, parse: Kind<Parsed>['parse'], path: string): Parsed {
  try {
    return parse(pem);
  } catch (cause) {
    throw new Error(`found something else in ${path}`, { cause });
  }
}
