import type { Text, Words } from '../types.ts';

const kinds: Words = {
  create: 'Aanmaken',
  update: 'Wijzigen',
  enable: 'Activeren',
  disable: 'Deactiveren',
  delete: 'Verwijderen',
  'grant-permission': 'Rol toekennen',
  'revoke-permission': 'Rol intrekken',
  'sub-permissions': 'Rollen per contract',
  resources: 'Afdelingen en functies',
  export: 'Levering',
  release: 'Vrijgeven',
  discard: 'Verwerpen',
  retry: 'Opnieuw proberen',
  pause: 'Pauzeren',
  resume: 'Hervatten',
  'accept-username': 'Gebruikersnaam accepteren',
  'allow-username': 'Gebruikersnaam toestaan',
  'forget-erased': 'Gewiste personen losgelaten',
  'key-add': 'Sleutel toegevoegd',
  'key-remove': 'Sleutel verwijderd',
  baseline: 'Nulmeting',
  restore: 'Teruggezet',
  'import-legacy': 'Overgenomen',
};

const outcomes: Words = {
  ...{ created: 'aangemaakt', imported: 'overgenomen', revived: 'teruggehaald', correlated: 'gevonden en gekoppeld' },
  ...{ updated: 'gewijzigd', unchanged: 'niets te wijzigen', enabled: 'geactiveerd', disabled: 'gedeactiveerd' },
  ...{ deleted: 'verwijderd', granted: 'toegekend', revoked: 'ingetrokken' },
  ...{ 'not-found': 'niet gevonden', refused: 'geweigerd' },
};

const findings: Words = {
  'empty-email': 'Geen e-mailadres',
  'empty-last-name': 'Geen achternaam',
  'shared-email': 'Gedeeld e-mailadres',
  'reused-username': 'Eerder gebruikte gebruikersnaam',
  'contract-without-role': 'Contract zonder rol',
  'pending-external-id': 'Gewijzigd nummer wacht',
  'pending-username': 'Gewijzigde gebruikersnaam wacht',
  'cannot-be-written': 'Weggelaten: niet te schrijven',
  'kept-row': 'Gehouden zoals laatst geleverd',
  'incomplete-role': 'Onvolledige rol',
  'ended-contract': 'Contract is afgelopen',
  'contract-not-started': 'Contract is nog niet begonnen',
  'also-in-helloid': 'In HelloID en in de extra tabel',
  'also-role-without-person': 'Extra rol zonder persoon',
  'enable-while-created-enabled': 'Meteen actief',
};

const fields: Words = {
  externalId: 'Nummer',
  email: 'E-mail',
  voornaam: 'Voornaam',
  tussenvoegsel: 'Tussenvoegsel',
  achternaam: 'Achternaam',
  geslacht: 'Geslacht',
  gebruikersnaam: 'Gebruikersnaam',
  enabled: 'Actief',
};

/** What the health check says, where its own sentence is in English. */
const healthSays: Words = {
  overdue: 'De levering is niet aangekomen binnen de afgesproken tijd.',
  silent: 'Sinds dit moment is er geen aanroep van HelloID meer geweest.',
};

const healthNext: Words = {
  overdue: 'Kijk bij Leveringen naar de nieuwste run, en doorloop de stappen bij Gezondheid.',
  run: 'Bekijk de run: wie raakt het, en wat is de oorzaak?',
  silent: 'Kijk naar de HelloID-agent, enforcement en de agentsleutel.',
  database: 'Kijk bij Gezondheid naar de schijf en de rechten van de datamap.',
  backup: 'Kijk bij Gezondheid onder Back-ups.',
  notifications: 'Controleer de webhook en de mailserver in de instellingen.',
};

export const words: Text['words'] = {
  states: {
    waiting: 'wachtend',
    rendering: 'in de maak',
    held: 'vastgehouden',
    blocked: 'geblokkeerd',
    delivering: 'onderweg',
    failed: 'mislukt',
    delivered: 'geleverd',
    discarded: 'verworpen',
    superseded: 'ingehaald',
  },
  triggers: { schedule: 'volgens rooster', manual: 'met de hand' },
  becomes: { delivered: 'zou worden geleverd', held: 'zou worden vastgehouden', blocked: 'zou worden geblokkeerd' },
  kinds,
  outcomes,
  findings,
  fields,
  role: (name) => `Rol ${name}`,
  yes: 'ja',
  no: 'nee',
  groups: {
    create: 'Aangemaakt',
    update: 'Gewijzigd',
    access: 'Geactiveerd',
    leave: 'Gedeactiveerd of verwijderd',
    roles: 'Rollen',
    other: 'Besluiten en overig',
  },
  effect: {
    persons: 'Personen',
    roles: 'Rollen',
    total: 'in het bestand',
    added: 'nieuw',
    deactivated: 'gedeactiveerd',
    changed: 'gewijzigd',
    renamed: 'hernoemd',
    rolesAdded: 'rollen erbij',
    rolesRemoved: 'rollen eraf',
  },
  health: {
    database: 'De database is niet te beschrijven',
    overdue: 'Een levering is te laat',
    run: 'Een run vraagt aandacht',
    backup: 'De back-up vraagt aandacht',
    silent: 'HelloID is stil',
    notifications: 'Een melding kwam niet aan',
    erasure: 'Het wissen van personen vraagt aandacht',
  },
  healthSays,
  healthNext,
  owners: { account: 'account', permissions: 'permissie', catalogue: 'catalogus' },
};
