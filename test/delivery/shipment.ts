import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LocalFile, Shipment } from '../../shared/delivery/delivery.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A shipment of real files; without contents, of random bytes: some 200 kB of persons and 100 kB of roles. */
export function aShipment({ id = '1', persons = randomBytes(200_000), roles = randomBytes(100_001) } = {}): Shipment {
  const folder = temporaryFolder();
  return { id, files: [aFile(folder, 'Users.csv', persons), aFile(folder, 'Roles.csv', roles)] };
}

function aFile(folder: string, name: string, content: Buffer): LocalFile {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { name, path, bytes: content.length, sha256: sha256(content) };
}

/** What a receiver finds: name, and size and SHA-256 of the content, which are quicker to show than the content when a test fails. */
export function contentsOf(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, contentOf(join(folder, name))]));
}

/** What a receiver must find after this shipment. */
export function contentsAfter(shipment: Shipment): Record<string, string> {
  return Object.fromEntries(shipment.files.map(({ name, path }) => [name, contentOf(path)]));
}

/** Of a file by its path or its open descriptor. */
export function contentOf(file: string | number): string {
  const content = readFileSync(file);
  return `${content.length} bytes, ${sha256(content)}`;
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
