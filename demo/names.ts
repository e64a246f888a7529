/** Everything here is invented, and awkward on purpose: what files and databases trip over does occur in real organisations. */

export const domain = 'waterrijk-zorg.example';

export const firstNames = {
  V: [
    'Renée',
    'Zoë',
    'Anouk',
    'Fenna',
    'Noëlle',
    'Çiğdem',
    'Françoise',
    'Anne-Marie',
    'Willemijn',
    'Aïsha',
    'Inês',
    'Lotte',
    'Jiske',
    'Marieke',
  ],
  M: [
    'Daniël',
    'Björn',
    'Seán',
    'Łukasz',
    'Jan-Willem',
    'Sjoerd',
    'Joël',
    'André',
    'Mehmet',
    'Thijs',
    'Raúl',
    'Ömer',
    'Wouter',
    'Hidde',
  ],
  O: ['Robin', 'Sascha', 'Noor'],
} as const;

/** A family name and the prefix before it. */
export interface FamilyName {
  prefix: string | null;
  name: string;
}

export const familyNames: readonly FamilyName[] = [
  ['van den', 'Brink'],
  ['de', 'Vries'],
  ["'t", 'Hart'],
  ["van 't", 'Hoff'],
  ["in 't", 'Veld'],
  ['van der', 'Meer'],
  ['op den', 'Akker'],
  ['ter', 'Horst'],
  ['el', 'Idrissi'],
  ['de', 'la Fuente'],
  ['von', 'Weißenfels'],
  [null, "O'Brien"],
  [null, "D'Angelo"],
  [null, 'Jansen'],
  [null, 'Bakker'],
  [null, 'Smit-Kramer'],
  [null, 'Nowak-Wiśniewska'],
  [null, 'Çelik'],
  [null, 'Ørsted'],
  [null, 'Müller'],
  [null, 'Díaz'],
  [null, 'Kovačević'],
  [null, 'IJsbrandy'],
].map(([prefix = null, name]) => ({ prefix, name: name ?? '' }));

export interface Department {
  code: string;
  name: string;
}

export const departments: readonly Department[] = [
  { code: 'D0310', name: 'Thuiszorg Noord' },
  { code: 'D0320', name: 'Thuiszorg Zuid; avond & nacht' },
  { code: 'D0420', name: 'Inkoop & Facilitair' },
  { code: 'D0500', name: 'Directie & Staf' },
  { code: 'D0610', name: 'Locatie "De Wilgen"' },
  { code: 'D0620', name: "Team 's-Gravenland" },
  { code: 'D0700', name: 'Wonen, welzijn & zorg' },
  { code: 'D0810', name: '+Vroeghulp' },
];

export interface Title {
  code: string;
  name: string;
}

export const titles: readonly Title[] = [
  { code: 'TL-ZORG', name: 'Teamleider zorg' },
  { code: 'VPK-5', name: 'Verpleegkundige "niveau 5"; nacht' },
  { code: 'VIG', name: 'Verzorgende IG' },
  { code: 'INK-MED', name: 'Medewerker inkoop' },
  { code: 'F&C', name: 'Controller finance & control' },
  { code: 'BEH "A"', name: 'Behandelaar "A"' },
  { code: 'ICT,1', name: 'Servicedesk, eerste lijn' },
  { code: "M'ZORG", name: "Mantelzorgcoach; thuis & in 't ziekenhuis" },
];
