/** Runs in a worker thread, so that the server keeps answering while a large pair is written once more. */
import { recordEncoder } from '../export/file-format.ts';
import { fileWriter, type FileWriter } from '../export/file-writer.ts';
import {
  isBaseline,
  ownerWriter,
  readManifest,
  readPair,
  writeManifest,
  type Manifest,
  type RowOwner,
} from '../export/pair.ts';
import { answerTask } from '../worker-task.ts';

export interface ThinTask {
  from: string;
  /** An empty folder. */
  to: string;
  /** The name of the pair. */
  pair: string;
  accounts: number[];
}

await answerTask(({ from, to, pair, accounts }: ThinTask): void => {
  const manifest = readManifest(from);
  const { persons, roles } = manifest;
  const erased = new Set(accounts);
  const [personsFile, rolesFile] = [persons, roles].map((format) => fileWriter(to, format, recordEncoder(format))) as [
    FileWriter,
    FileWriter,
  ];
  const owners = ownerWriter(to);
  // those of a baseline are known by their names only, and one of them may be the person
  const mayBeErased = ({ account, inactiveSince }: RowOwner) =>
    account === null ? isBaseline(pair) || inactiveSince !== null : erased.has(account);
  let active = 0;
  for (const { row, roles: rows, alsoRoles, ...owner } of readPair(from, manifest)) {
    if (mayBeErased(owner)) continue;
    personsFile.add([row]);
    for (const role of rows) rolesFile.add([role]);
    owners.add(owner, rows.length, alsoRoles);
    if (owner.inactiveSince === null) active += 1;
  }
  owners.finish();
  const files: Manifest['files'] = [personsFile.finish(), rolesFile.finish()];
  writeManifest(to, { ...manifest, files, active });
});
