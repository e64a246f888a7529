import type { Account } from '../../api/types.ts';

/** `Renée van den Brink`; the number where there is no name. */
export function nameOf({ voornaam, tussenvoegsel, achternaam, externalId, reference }: Account): string {
  const name = [voornaam, tussenvoegsel, achternaam].filter(Boolean).join(' ');
  return [name, externalId, reference].find(Boolean) ?? '';
}
