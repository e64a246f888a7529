/** What can be odd about a row of the earlier connector, with what a person can do about it. Left out means: not taken over. */
export const noteKinds = {
  'no-external-id': {
    leftOut: true,
    advice:
      'Without a number HelloID cannot be matched. Find out who they are; HelloID creates them anew if a business rule asks for them',
  },
  'no-username': { leftOut: true, advice: 'Spend Cloud never knew them. HelloID creates them anew, with a username' },
  'unusable-person': { leftOut: true, advice: 'Correct the value in the source; HelloID then creates the person anew' },
  'same-number': { leftOut: true, advice: 'Copies of a person who was taken over; nothing to do' },
  'other-username': {
    leftOut: true,
    advice:
      'Another account of somebody who was taken over, whom HelloID reaches by the other row. Nothing to do if it may become inactive: the first delivery closes it',
  },
  'differing-rows': {
    leftOut: true,
    advice:
      'One number has several rows, and neither passief nor the time of writing says which one is right. Give the complete list of HelloID with --references; where it does not decide, correct a copy of the old database',
  },
  'same-username': {
    leftOut: true,
    advice:
      'One username has rows of several numbers, and neither passief nor the time of writing says whose it is. Give the complete list of HelloID with --references. Where HelloID holds several of these numbers, unmanage those who should not have it',
  },
  'username-elsewhere': {
    leftOut: true,
    advice:
      'HelloID does not hold their number, and the username belongs to somebody who was taken over; nothing to do',
  },
  'other-passief': {
    leftOut: false,
    advice:
      'The earlier connector writes only Ja or nothing into passief. The list of HelloID decides about these rows; whom it does not hold is left out until you write Ja or nothing into a copy of the old database',
  },
  'unknown-column': {
    leftOut: false,
    advice:
      'No release of the earlier connector has this column, and it is not taken over. Ask who added it and what it is for',
  },
  'dryrun-username': { leftOut: true, advice: 'A row of a failed create, nobody in particular; nothing to do' },
  'number-present': {
    leftOut: true,
    advice:
      'The account that is here stays as it is. If HelloID holds the old reference, unmanage the person there and enforce again',
  },
  'deleted-here': {
    leftOut: true,
    advice: 'HelloID deleted them here since; it revives them if a business rule asks for them',
  },
  'active-here': {
    leftOut: true,
    advice:
      'HelloID brought them back since, or an earlier take-over took them as active. If they left, disable the account here',
  },
  'username-present': {
    leftOut: true,
    advice:
      'Find out whose the username is. If it is the same person, correct the number; if it was delivered for somebody else before, see: spendcloud username allow',
  },
  'reference-present': {
    leftOut: true,
    advice:
      'Another number has this reference here. If it is the same person under a new number, nothing is to be done; otherwise correct the file of references',
  },
  'shared-reference': {
    leftOut: false,
    advice:
      'HelloID holds one reference for several persons. They were taken over with references of our own: unmanage each in HelloID and enforce again; create then links them by number',
  },
  'array-reference': {
    leftOut: false,
    advice:
      'HelloID holds several usernames as one reference, left by a correlation that found several rows. Nobody has it here: unmanage each of them in HelloID and enforce again; create then links them by number',
  },
  'dryrun-reference': {
    leftOut: false,
    advice:
      'HelloID holds DRYRUN, left by a create that failed. Unmanage each of them in HelloID and enforce again: create links who was taken over, and makes the others',
  },
  'unknown-reference': {
    leftOut: false,
    advice:
      'HelloID holds a reference for numbers of whom no row was taken over. It believes they have an account: unmanage each and enforce again',
  },
  'no-roles': {
    leftOut: false,
    advice:
      'If the username changed since HelloID created the account, HelloID holds the earlier one as reference, and the roles stand under it: put both in a file and give it with --references. Otherwise HelloID brings the roles with its next update',
  },
  'prefix-twice': {
    leftOut: false,
    advice: 'Corrected: the prefix now stands in tussenvoegsel alone. They count as changed in the first delivery',
  },
  'maybe-twice': {
    leftOut: false,
    advice: 'Taken over as they are. Check them; HelloID brings the right name with its next update',
  },
  'prefix-lost': {
    leftOut: false,
    advice:
      'Taken over as they are: the earlier connector emptied tussenvoegsel. HelloID brings the right name with its next update',
  },
  'same-email': {
    leftOut: false,
    advice: 'Taken over; Spend Cloud wants each address once, and refuses the second one. Correct the source',
  },
  'unusable-role': { leftOut: true, advice: 'HelloID brings the role with its next update, once the source is right' },
  'incomplete-role': {
    leftOut: true,
    advice: 'Without a unit or a profile there is no role; HelloID brings it once the source is right',
  },
  'same-role': { leftOut: true, advice: 'Copies of a role that was taken over; nothing to do' },
  'orphan-role': {
    leftOut: true,
    advice:
      'Nobody who was taken over has this username. If it is the earlier name of somebody without roles, HelloID holds it as the reference: put both in a file and give it with --references',
  },
  'passive-role': {
    leftOut: true,
    advice: 'Somebody who left has no roles; HelloID brings them on a return. Nothing to do',
  },
  'array-role': {
    leftOut: true,
    advice:
      'Written for a reference that HelloID holds as several usernames at once; nobody is known by it. Nothing to do',
  },
  'dryrun-role': {
    leftOut: true,
    advice:
      'Written for persons whose create failed; whose they are cannot be told. Find the persons with account reference DRYRUN in HelloID, unmanage each and enforce again',
  },
} as const satisfies Record<string, { leftOut: boolean; advice: string }>;

export type NoteKind = keyof typeof noteKinds;

/** Something to tell about one row: of the old database by its rowid, or of the file of references by its line. */
export interface LegacyNote {
  kind: NoteKind;
  table: 'persons' | 'roles' | 'references';
  row: number;
  externalId: string | null;
  username: string | null;
  message: string;
}

/** A note on a row of the persons table. */
export function noteOn(
  { row, externalId, username }: { row: number; externalId: string; username: string },
  kind: NoteKind,
  message: string,
): LegacyNote {
  return { kind, table: 'persons', row, externalId: externalId || null, username: username || null, message };
}

const tables: LegacyNote['table'][] = ['persons', 'roles', 'references'];

/** In the order of the rows, table by table. */
export function inOrder(notes: readonly LegacyNote[]): LegacyNote[] {
  return notes.toSorted((a, b) => tables.indexOf(a.table) - tables.indexOf(b.table) || a.row - b.row);
}
