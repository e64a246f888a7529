import { noteKinds, type NoteKind } from '../domain/legacy/notes.ts';

/** Why a row of our first delivery differs from what Spend Cloud has, besides the kinds of notes that a take-over makes. */
export const causeTexts = {
  'same-line': 'The old file says it twice, and ours once; nothing changes',
  'both-states': 'The old file has the person on several lines of different states, of which the last counts',
  'newer-database': 'The old database was written after this file, and holds what ours has',
  'left-since': 'The old database says passive by now: it was written after this file',
  'joined-since': 'The old database was written after this file, and has the person',
  'not-in-database': 'The old database has no row with this username: it was removed there after the file was written',
  'granted-only-passive': 'HelloID says granted, and the old database has passive rows only: locked out until now',
  'list-decides': "Rows of this person differ in passief or username, and HelloID's list decides",
  'unknown-to-helloid': 'HelloID does not hold the number, and --unknown disable takes the access away',
  'not-read':
    'The old file says inactive in a column that an import of absent people does not read: active there until now',
  'inactive-email': 'An inactive row goes out without an address that an active person has (spendCloud.inactiveEmail)',
  normalised: 'The same text in one form of its accents (NFC)',
  'changed-here': 'HelloID, or a person, has changed the account here since the take-over',
  also: 'A person of the table also.persons, whom HelloID does not manage',
  mapped: 'A table of units or profiles gives another value (roles.unitTable, roles.profileTable)',
  'earlier-username': 'The earlier connector delivered these roles under a username that the person no longer has',
  'with-its-person': 'Follows the row of the person',
  unexplained: 'Nothing that is known explains it',
} as const;

export type Cause = keyof typeof causeTexts | NoteKind;

export function causeText(cause: Cause): string {
  return cause in causeTexts ? causeTexts[cause as keyof typeof causeTexts] : noteKinds[cause as NoteKind].advice;
}
