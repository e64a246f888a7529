import { caseless } from '../domain/account.ts';
import type { DumpSource } from '../domain/dump-row.ts';
import type { DumpFile, Finding } from '../domain/run.ts';
import { personCells } from './columns.ts';
import type { FileFormat } from './file-format.ts';
import { fileWriter } from './file-writer.ts';
import { findingList, personFindings } from './findings.ts';
import { ownerWriter, writeManifest, type PersonKey } from './pair.ts';
import { roleRowsOf } from './role-rows.ts';

/** How and where the dump is written; plain values, because they travel to a worker thread. */
export interface DumpOrder {
  /** An existing folder of this run's own. */
  folder: string;
  persons: FileFormat;
  roles: FileFormat;
  personKey: PersonKey;
  endedContracts: 'report' | 'drop';
  notStartedContracts: 'report' | 'drop';
  /** Today's calendar day in the schedule's time zone. */
  today: string;
  timeZone: string;
}

export interface Dump {
  files: [persons: DumpFile, roles: DumpFile];
  findings: Finding[];
  /** Usernames that stand on more than one row: the last defence, a reason to block. */
  duplicates: number;
}

/** Writes both files from one snapshot of the database, and beside them who each row is. */
export function writeDump(order: DumpOrder, { persons, rolesOf }: DumpSource): Dump {
  const personsFile = fileWriter(order.folder, order.persons);
  const rolesFile = fileWriter(order.folder, order.roles);
  const owners = ownerWriter(order.folder);
  const cells = personCells(order.persons);
  const findings = findingList();
  const roleRows = roleRowsOf(order, findings);
  const keptNames = new Set<string>(); // only a kept old name can meet another row's: wanted ones are unique by an index
  let duplicates = 0;
  for (const person of persons) {
    if (person.username !== person.wanted) {
      const key = caseless(person.username);
      if (keptNames.has(key)) duplicates += 1;
      keptNames.add(key);
    }
    personFindings(person, findings);
    personsFile.add(cells(person));
    const rows = roleRows(person, rolesOf(person.id));
    for (const row of rows) rolesFile.add(row);
    const { id, reference, username, externalId, delivered, accepted } = person;
    const owner = {
      account: id,
      reference,
      username,
      externalId,
      isNew: username !== delivered,
      accepted: accepted === username,
    };
    owners.add(owner, rows.length);
  }
  owners.finish();
  const files: Dump['files'] = [personsFile.finish(), rolesFile.finish()];
  writeManifest(order.folder, { files, persons: order.persons, roles: order.roles, personKey: order.personKey });
  return { files, findings: findings.all, duplicates };
}
