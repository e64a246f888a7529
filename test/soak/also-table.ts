import { writeFileSync } from 'node:fs';
import type { Draw } from '../../demo/random.ts';

/** The table also.persons: people whom HelloID does not manage, in a file that somebody edits by hand. */
export interface AlsoTable {
  path: string;
  usernames(): string[];
  /** A line comes, goes, or comes back. */
  edit(draw: Draw): void;
}

const candidates = ['auditor.one', 'Auditor.Two', 'support', 'zz.accountant', 'a.controller', 'm.interim'];

export function alsoTable(path: string): AlsoTable {
  const listed = new Set<string>(candidates.slice(0, 3));

  function write(): void {
    const lines = [...listed].map((username) => `${username};${username}@elders.example;${lastNameOfAlso}`);
    writeFileSync(path, ['gebruikersnaam;email;achternaam', ...lines, ''].join('\n'));
  }

  write();
  return {
    path,
    usernames: () => [...listed],
    edit: (draw) => {
      const username = draw.from(candidates);
      if (!listed.delete(username)) listed.add(username);
      write();
    },
  };
}

export const lastNameOfAlso = 'Extern';
