import type { App } from '../app.ts';
import { decideImport, type ImportDecision } from '../domain/decide-import.ts';
import type { LegacyNote } from '../domain/legacy/notes.ts';
import type { LegacyPerson } from '../domain/legacy/take-over.ts';
import type { Decider } from '../domain/run.ts';
import { AppError } from '../errors.ts';

export interface ImportResult {
  /** New accounts, or in a preview those that would be; `of` says in which state. */
  imported: number;
  of: Record<LegacyPerson['state'], number>;
  roles: number;
  /** Here already, by an earlier run of the same import. */
  importedBefore: number;
  /** Here by an earlier run, and changed now by the list of references or by choice. */
  corrected: number;
  /** What of the accounts here stands in a person's way. */
  notes: LegacyNote[];
}

// As many as the store commits together: a slice is taken over as a whole, and HelloID's actions go in between.
const personsTogether = 256;

/** Takes over persons of the earlier connector, each with an audit entry; who is here already stays as it is, so repeating it is harmless. */
export async function importLegacy(
  app: App,
  persons: readonly LegacyPerson[],
  decider: Decider | null,
  advance: (persons: number) => void,
): Promise<ImportResult> {
  const result: ImportResult = {
    imported: 0,
    of: { active: 0, disabled: 0, passive: 0 },
    roles: 0,
    importedBefore: 0,
    corrected: 0,
    notes: [],
  };
  const fromHere = new Set<string>();
  for (let start = 0; start < persons.length; start += personsTogether) {
    const slice = persons.slice(start, start + personsTogether);
    const decisions = await takeSlice(app, slice, decider, result.imported);
    for (const [index, person] of slice.entries()) {
      const decision = decisions[index];
      if (decision) count(result, person, decision, fromHere);
    }
    advance(slice.length);
  }
  return result;
}

async function takeSlice(
  app: App,
  slice: readonly LegacyPerson[],
  decider: Decider | null,
  before: number,
): Promise<ImportDecision[]> {
  try {
    return await Promise.all(slice.map((person) => take(app, person, decider)));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const message = `${error.message}. ${before} person(s) were taken over before that, each whole; run the import again, and it goes on with the rest`;
    throw new AppError(error.code, message, { cause: error });
  }
}

/** Looks first and writes only where there is something to write: an account that stays as it is gets no entry either. */
async function take({ accounts, rules }: App, person: LegacyPerson, decider: Decider | null): Promise<ImportDecision> {
  const { externalId, username, email } = person.account;
  const target = { wanted: { externalId, username, email }, newReference: person.reference };
  const caller = { action: 'import-legacy' as const, key: 'command line', origin: null, requestId: null };
  const decide = (dryRun: boolean, whose: object) =>
    accounts.change(target, { ...caller, ...whose, dryRun }, (situation) => decideImport(situation, person, rules));
  const preview = await decide(true, {});
  return decider && preview.write !== 'nothing' ? decide(false, { decider }) : preview;
}

function count(
  result: ImportResult,
  { row, account, roles, state }: LegacyPerson,
  { outcome, logs, reference, sameEmail }: ImportDecision,
  fromHere: Set<string>,
): void {
  const { externalId, username } = account;
  const note = (kind: LegacyNote['kind'], message: string) =>
    void result.notes.push({ kind, table: 'persons', row, externalId, username, message });
  if (outcome === 'imported') {
    result.imported += 1;
    result.of[state] += 1;
    result.roles += roles.length;
    fromHere.add(reference ?? '');
    const others = sameEmail.filter((holder) => !fromHere.has(holder)); // the old database has been compared with itself
    if (others.length > 0) note('same-email', `has the e-mail address of [${others.join(', ')}] here`);
  } else if (outcome === 'imported-before') result.importedBefore += 1;
  else if (outcome === 'corrected') result.corrected += 1;
  else note(outcome, logs.map(({ message }) => message).join('; '));
}
