import { parse } from 'csv-parse/sync';

/** Who may log in to Spend Cloud, by the import that the customer has. */
export interface Judge {
  active(): string[];
  import(persons: string): void;
}

/** `absent` reads six fields and deactivates whoever is missing; `passive` believes the column and leaves whoever is missing. */
export function judge(kind: 'absent' | 'passive', usernameHeader = 'gebruikersnaam'): Judge {
  const employees = new Map<string, boolean>();
  return {
    active: () => [...employees].flatMap(([username, isActive]) => (isActive ? [username] : [])).sort(),
    import: (persons) => {
      const rows: Record<string, string>[] = parse(persons, { delimiter: ';', columns: true, bom: true });
      if (kind === 'absent') for (const username of employees.keys()) employees.set(username, false);
      for (const row of rows) {
        const isPassive = kind === 'passive' && row.passief?.trim().toLowerCase() === 'ja';
        employees.set(row[usernameHeader] ?? '', !isPassive);
      }
    },
  };
}
