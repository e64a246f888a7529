import { caseless } from '../domain/account.ts';
import type { Leavers } from '../domain/columns.ts';
import type { DumpSource, PersonRow, RoleRow } from '../domain/dump-row.ts';
import type { DumpFile, FreshFinding } from '../domain/run.ts';
import type { AlsoDecisions, Tables } from '../domain/tables.ts';
import type { ShapingSettings } from '../policy/shaping.ts';
import { alsoPeople, inOneOrder } from './also-people.ts';
import { personCells } from './columns.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import type { FileFormat } from './file-format.ts';
import { fileWriter } from './file-writer.ts';
import { findingList, personFindings, type FindingList } from './findings.ts';
import type { InactiveEmail } from './inactive-email.ts';
import { inactiveRows, type InactiveRow } from './inactive-rows.ts';
import { rowKeeper } from './kept-rows.ts';
import { ownerWriter, writeManifest, type PersonKey, type RowOwner } from './pair.ts';
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
  /** What becomes of a role whose code is in no table. */
  unmapped: 'report' | 'pass' | 'omit';
  tables: Tables;
  alsoDecisions: AlsoDecisions;
  /** Who carries the roles per contract; the other's are left over from before the setting changed. */
  assignedBy: 'account' | 'permissions';
  /** References of the static roles that are offered; null where the catalogue cannot be read now. */
  catalogue: ReadonlySet<string> | null;
  /** The folder of the pair that was delivered last; null before the first. */
  deliveredPair: string | null;
  /** The folders of pairs that may have arrived since, because nobody knows how an attempt to deliver them ended. */
  possiblePairs: readonly string[];
  /** Today's calendar day in the schedule's time zone. */
  today: string;
  timeZone: string;
  /** UTC. */
  now: string;
  leavers: Leavers;
  inactiveEmail: InactiveEmail;
  /** How long a row says that somebody is not active any more; null for ever. */
  passiveDays: number | null;
  /** How many of those rows leave the file at once when their time is over. */
  mostTermsEnding: number;
  /** Goes into what is kept beside the files. */
  settings: ShapingSettings;
  /** Accounts that were erased and still stand in the pair delivered last. */
  erased: readonly number[];
}

export interface Dump {
  files: [persons: DumpFile, roles: DumpFile];
  findings: FreshFinding[];
  /** Rows of active people whom HelloID manages; the others alone do not fill a file. */
  managed: number;
  /** Rows that say that somebody is not active any more. */
  inactive: number;
  /** Keys that stand on more than one row: the last defence, a reason to block. */
  duplicates: number;
  /** Persons who would get, for the first time, a username that was delivered for somebody else and that nobody allowed them. */
  takeOvers: number;
}

/** Writes both files from one snapshot of the database, and beside them who each row is. */
export function writeDump(order: DumpOrder, source: DumpSource): Dump {
  const personsFile = fileWriter(order.folder, order.persons);
  const rolesFile = fileWriter(order.folder, order.roles);
  const owners = ownerWriter(order.folder);
  const cells = personCells(order.persons, 'active');
  const findings = findingList();
  const roleRows = roleRowsOf(order, findings);
  const rolesFor = allRoles(order.tables, source, findings);
  const keep = rowKeeper(order, findings);
  const duplicates = duplicateKeys(order.personKey);
  const also = alsoPeople(source, order, findings);
  const inactiveBefore = inactiveRows(order, source, also, findings);
  let managed = 0;
  let active = 0;
  let inactive = 0;
  let takeOvers = 0;

  function putInactive(rows: Iterable<InactiveRow>): void {
    for (const { owner, row } of rows) {
      personsFile.add(row);
      owners.add(owner, 0);
      inactive += 1;
    }
  }

  for (const person of inOneOrder(source.persons, also)) {
    personFindings(person, findings);
    const roles = roleRows(person, rolesFor.take(person));
    const rows = keep({ person, row: cells(person), roles: roles.rows });
    if (!rows) continue;
    putInactive(inactiveBefore(rows.person));
    duplicates.see(rows.person);
    personsFile.add(rows.row);
    for (const row of rows.roles) rolesFile.add(row);
    owners.add(ownerOf(rows.person, order.personKey), rows.roles.length, roles.also);
    active += 1;
    if (person.id !== null) managed += 1;
    if (takesOver(rows.person)) takeOvers += 1;
  }
  putInactive(inactiveBefore(undefined));
  rolesFor.reportLeft();
  owners.finish();
  const files: Dump['files'] = [personsFile.finish(), rolesFile.finish()];
  const { persons, roles, personKey, leavers, settings } = order;
  writeManifest(order.folder, { files, persons, roles, personKey, leavers, active, settings });
  return { files, findings: findings.all(), managed, inactive, duplicates: duplicates.count(order.folder), takeOvers };
}

/** A create would have been refused; but the former holder was delivered only after it, by a run that had been waiting. */
function takesOver({ reused, reuseAllowed, username, wanted, delivered }: PersonRow): boolean {
  return reused === 1 && reuseAllowed === 0 && username === wanted && caseless(username) !== caseless(delivered ?? '');
}

function ownerOf(person: PersonRow, personKey: PersonKey): RowOwner {
  const { id, reference, username, externalId } = person;
  const isNew =
    id === null
      ? person.once === 0
      : username !== person.delivered || externalId !== person.deliveredExternalId || person.closed === 1;
  const accepted =
    personKey === 'gebruikersnaam' ? person.accepted === username : person.acceptedExternalId === externalId;
  const whose = { account: id, reference, username, externalId };
  return { ...whose, isNew, accepted, inactiveSince: null, once: person.once === 1 };
}

/** A person's roles with those that `also.roles` adds; at the end, who of that table was nobody. */
function allRoles({ alsoRoles }: Tables, { rolesOf }: DumpSource, findings: FindingList) {
  const left = new Set(alsoRoles.keys());
  return {
    take: ({ id, username, wanted }: PersonRow): RoleRow[] => {
      const keys = [...new Set([caseless(username), caseless(wanted)])].filter((key) => left.delete(key));
      const also = keys.flatMap((key) => alsoRoles.get(key) ?? []);
      return [...(id === null ? [] : rolesOf(id)), ...also];
    },
    reportLeft: () => {
      for (const key of left)
        findings.add(
          'also-role-without-person',
          { reference: null },
          `[${key}] of also.roles is nobody in the persons file; the role is left out`,
        );
    },
  };
}
