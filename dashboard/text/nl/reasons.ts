type Known = readonly [pattern: RegExp, says: (...parts: string[]) => string];

/** Why a run is held or blocked, as `shared/domain/guards.ts`, `first-time.ts` and `code-fields.ts` say it. */
const reasons: readonly Known[] = [
  ...guard(
    '(\\d+) person\\(s\\) would be deactivated',
    'persoon zou worden gedeactiveerd',
    'personen zouden worden gedeactiveerd',
  ),
  ...guard(
    '(\\d+) person\\(s\\) would be active again',
    'persoon zou weer actief worden',
    'personen zouden weer actief worden',
  ),
  ...guard(
    '(\\d+) person\\(s\\) would become new employees under another key',
    'persoon zou onder een andere sleutel een nieuwe medewerker worden',
    'personen zouden onder een andere sleutel nieuwe medewerkers worden',
  ),
  [
    /^the data of (\d+) person\(s\) would change, of (\d+) delivered last \(guards\.(\w+)\)$/,
    (count, base, name) =>
      `van ${counted(count, 'persoon', 'personen')} zouden de gegevens wijzigen, van ${base} laatst geleverde (guards.${name})`,
  ],
  ...guard('(\\d+) person\\(s\\) would be new', 'persoon zou nieuw zijn', 'personen zouden nieuw zijn'),
  ...guard('(\\d+) role\\(s\\) would be removed', 'rol zou vervallen', 'rollen zouden vervallen'),
  ...guard('(\\d+) role\\(s\\) would be new', 'rol zou nieuw zijn', 'rollen zouden nieuw zijn'),
  ...guard(
    '(\\d+) person\\(s\\) would stay active and lose their last role',
    'persoon zou actief blijven en de laatste rol verliezen',
    'personen zouden actief blijven en hun laatste rol verliezen',
  ),
  ...guard('(\\d+) line\\(s\\) of also\\.persons are gone', ...linesGone('also.persons')),
  ...guard('(\\d+) line\\(s\\) of also\\.roles are gone', ...linesGone('also.roles')),
  [
    /^(\d+) of the (\d+) people of unit \[(.*)\] would become inactive or lose their last role(?:, and so in (\d+) more unit\(s\))? \(guards\.unit\)$/,
    (lost, people, unit, more) =>
      `${lost} van de ${counted(people, 'persoon', 'personen')} van eenheid [${unit}] ${lost === '1' ? 'zou' : 'zouden'} inactief worden of de laatste rol verliezen${more ? `, en zo ook in nog ${counted(more, 'eenheid', 'eenheden')}` : ''} (guards.unit)`,
  ],
  [
    /^This is the first delivery to an SFTP server; compare the files/,
    () =>
      'Dit is de eerste levering aan een SFTP-server; vergelijk de bestanden met die welke Spend Cloud tot nu toe kreeg',
  ],
  [
    /^This is the first delivery to OUTBOX_DIR; compare the files/,
    () => 'Dit is de eerste levering aan OUTBOX_DIR; vergelijk de bestanden met wat Spend Cloud tot nu toe kreeg',
  ],
  [
    /^The first delivery with rows of inactive people \((\d+)\): Spend Cloud's import must read field (\d+) \((.*)\); if not/,
    (rows, field, header) =>
      `Dit is de eerste levering met regels van inactieve personen (${rows}): de import in Spend Cloud moet veld ${field} (${header}) lezen; anders is elke inactieve regel een actieve medewerker`,
  ],
  [
    /^This is the first delivery to a folder in which \[(.*)\] lies already, written by another program$/,
    (names) => `Dit is de eerste levering aan een map waarin [${names}] al staat, geschreven door een ander programma`,
  ],
  [
    /^The database was restored from a backup \((.*)\): people created since may be missing$/,
    (at) => `De database is teruggezet uit een back-up (${at}): wie daarna is aangemaakt, kan ontbreken`,
  ],
  [
    /^The roles file is empty, and the last delivered one held (\d+) role\(s\)$/,
    (count) => `Het rollenbestand is leeg, en het laatst geleverde bevatte ${counted(count, 'rol', 'rollen')}`,
  ],
  [
    /^The destination changed from (.*) to (.*)$/,
    (before, after) => `De bestemming is gewijzigd van ${before} naar ${after}`,
  ],
  [
    /^There is no connector\.json, and there was one at the last delivery: /,
    () =>
      'Er is geen connector.json, en bij de laatste levering was die er wel: deze levering volgt de standaardinstellingen. Start in de map van dat bestand of geef CONFIG_FILE op, en maak dan een nieuwe levering',
  ],
  [
    /^The database is older than the delivery of (run \S+|the baseline) \((.*)\), as after a restore: people created since may be missing$/,
    (pair = '', at) =>
      `De database is ouder dan de levering van ${pair === 'the baseline' ? 'de baseline' : pair} (${at}), zoals na het terugzetten van een back-up: wie daarna is aangemaakt, kan ontbreken`,
  ],
  [/^The names or columns of the files changed$/, () => 'De namen of kolommen van de bestanden zijn gewijzigd'],
  [
    /^spendCloud\.personKey changed from (.*) to (.*)$/,
    (before, after) => `spendCloud.personKey is gewijzigd van ${before} naar ${after}`,
  ],
  [
    /^(roles\.\w+\.code) reads (\S+); the codes delivered until now are those of (\S+) for (\d+) of (\d+) people; /,
    (setting, path, other, some, all) =>
      `${setting} leest ${path}; de tot nu toe geleverde codes zijn bij ${some} van ${counted(all, 'persoon', 'personen')} die van ${other}; een bijgewerkte tabel kan beide bevatten`,
  ],
  [
    /^(\d+) person\(s\) were left out of the take-over until somebody decides about them, /,
    (count) =>
      `${counted(count, 'persoon is', 'personen zijn')} niet overgenomen tot iemand over hen beslist, en deze levering zou wie van hen in Spend Cloud actief is deactiveren; spendcloud adopt noemt ze`,
  ],
  [
    /^spendCloud\.leavers changed from (.*) to (.*)$/,
    (before, after) => `spendCloud.leavers is gewijzigd van ${before} naar ${after}`,
  ],
  [
    /^Somebody else wrote there: (\S+)(?: of (\S+))? with (\d+) bytes is not what we delivered last; a release replaces it once$/,
    (name, at, bytes) =>
      `Iemand anders heeft daar geschreven: ${name}${at ? ` van ${at}` : ''} met ${bytes} bytes is niet wat wij het laatst hebben geleverd; vrijgeven vervangt het eenmalig`,
  ],
  [
    /^The persons file is empty, but for people whom HelloID does not manage: /,
    () =>
      'Het personenbestand is leeg, op mensen na die HelloID niet beheert: Spend Cloud zou iedereen deactiveren. Kijk of HelloID accounts heeft aangemaakt en geactiveerd',
  ],
  [
    /^(\d+) (username|number)\(s\) stand on more than one row of the persons file$/,
    (count, what) =>
      `${what === 'number' ? counted(count, 'nummer staat', 'nummers staan') : counted(count, 'gebruikersnaam staat', 'gebruikersnamen staan')} op meer dan één regel van het personenbestand`,
  ],
];

/** Why a decision came too late. */
const refusals: readonly Known[] = [
  [
    /^Another changed username or number of \[(.*)\] waits by now than the one that was to be accepted; look again$/,
    (reference) => `Van [${reference}] wacht er inmiddels een andere wijziging dan hier werd getoond; kijk opnieuw`,
  ],
];

/** The Dutch of a sentence, null where it is not known. A run that the health check names comes with its reasons behind it. */
export function dutchOf(sentence: string): string | null {
  for (const [pattern, says] of [...reasons, ...refusals]) {
    const found = pattern.exec(sentence);
    if (found) return says(...found.slice(1));
  }
  return null;
}

/** The sentence about a day, and the one about a week. */
function guard(said: string, one: string, many: string): [Known, Known] {
  return [
    [
      new RegExp(`^${said}, of (\\d+) delivered last \\(guards\\.(\\w+)\\)$`),
      (count, base, name) => `${counted(count, one, many)}, van ${base} laatst geleverde (guards.${name})`,
    ],
    [
      new RegExp(`^${said} since (\\S+), of (\\d+) delivered then \\(guards\\.week\\)$`),
      (count, since, base) => `${counted(count, one, many)} sinds ${since}, van ${base} toen geleverde (guards.week)`,
    ],
  ];
}

function linesGone(table: string): [one: string, many: string] {
  return [`regel van ${table} is verdwenen`, `regels van ${table} zijn verdwenen`];
}

function counted(count: string | undefined, one: string, many: string): string {
  return `${count ?? ''} ${count === '1' ? one : many}`;
}
