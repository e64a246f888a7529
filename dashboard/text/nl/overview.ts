import type { Text } from '../types.ts';

export const overview: Text['overview'] = {
  delivered: (when, persons, roles) => `${capital(when)} geleverd: ${persons} en ${roles}.`,
  persons: (count, shown) => (count === 1 ? '1 persoon' : `${shown} personen`),
  roles: (count, shown) => (count === 1 ? '1 rol' : `${shown} rollen`),
  neverDelivered: 'Er is nog niets geleverd.',
  next: (when) => `Volgende levering ${when}.`,
  nextPaused: 'Geen levering tot iemand ze hervat.',
  allWell: 'Alles is in orde',
  attention: 'Vraagt aandacht',
  healthTitle: 'Toestand',
  wellTitle: 'Er is niets aan de hand',
  wellText:
    'Geen levering, back-up of aanroep van HelloID is te laat, en geen run is vastgehouden, geblokkeerd of mislukt.',
  readyTitle: 'Klaar voor HelloID',
  readyText: 'Alles staat gereed; met het eerste account dat HelloID aanmaakt, beginnen de nachtelijke leveringen.',
  lastCall: 'HelloID riep aan',
  neverCalled: 'nog nooit',
  lastBackup: 'Laatste back-up',
  noBackup: 'nog geen',
  destination: 'Gaat naar',
  accounts: 'Accounts',
  accountCounts: (enabled, disabled) => `${enabled} actief, ${disabled} inactief`,
  waitingTitle: 'Wacht op u',
  waitingNothing: 'Er wacht niets op een mens.',
  waitingUsernames: (total) =>
    total === 1 ? 'Eén gewijzigde gebruikersnaam wacht' : `${total} gewijzigde gebruikersnamen wachten`,
  waitingUsernamesText:
    'Spend Cloud zou nieuwe medewerkers zien; de bestanden houden de oude gebruikersnaam tot u de nieuwe accepteert.',
  waitingNumbers: (total) => (total === 1 ? 'Eén gewijzigd nummer wacht' : `${total} gewijzigde nummers wachten`),
  waitingNumbersText:
    'Spend Cloud zou nieuwe medewerkers zien; de bestanden houden het oude nummer tot u het nieuwe accepteert.',
  waitingMore: (more) => `en nog ${more}`,
  waitingFindings: (unseen) => (unseen === 1 ? 'Eén nieuwe bevinding' : `${unseen} nieuwe bevindingen`),
  waitingFindingsText: 'Ze houden niets tegen, maar zijn een blik waard.',
  comingTitle: 'Wat de volgende levering doet',
  comingAt: (when) => `Zoals het nu staat, ${when} berekend`,
  comingSame: 'Er verandert niets: de volgende bestanden bevatten wat Spend Cloud al heeft.',
  comingFailed: 'Dit is nu niet te berekenen',
  comingLook: 'De hele voorvertoning bekijken',
  chartPersons: 'Geleverde actieve personen',
  chartRoles: 'Geleverde rollen',
  chartActions: 'Wat HelloID en operators deden, per dag',
  chartNow: (value) => `nu ${value}`,
  chartEmpty: 'Na de tweede levering verschijnt hier een lijn.',
  actionsAbove: (days) => `Hoger dan de grafiek: ${days}.`,
  actionsEmpty: 'In deze tijd is er niets gedaan.',
  chartSays: (what, from, to, first, last, low, high) =>
    `${what} van ${from} tot ${to}: van ${first} naar ${last}, laagste ${low}, hoogste ${high}.`,
  actionsSay: (count, shown, from, to) => `${count === 1 ? '1 actie' : `${shown} acties`} van ${from} tot ${to}.`,
  period: 'Periode',
  periods: { 30: '30 dagen', 90: '90 dagen', 365: 'Een jaar' },
  asTable: 'Toon de getallen',
  asChart: 'Toon de grafiek',
  day: 'Dag',
  accessTitle: 'Mogelijk te veel toegang',
  accessText:
    'Deze mensen hebben toegang, misschien ten onrechte. U krijgt er elke week bericht van, tot het is opgelost of iemand het accepteert.',
  accessSince: (day) => `sinds ${day}`,
  accessAccept: 'Accepteren tot…',
  accessAccepted: (day, by, reason) => `geaccepteerd tot en met ${day} door ${by}: ${reason}`,
  accessAcceptTitle: (kind) => `Accepteren: ${kind}`,
  accessAcceptText: (count) =>
    `Over ${count === 1 ? 'één bevinding' : `${count} bevindingen`} van deze soort, en wat er bijkomt, krijgt u tot die dag geen bericht. Ze blijven op deze pagina en bij elke levering staan.`,
  accessAcceptConfirm: 'Accepteren',
  accessAcceptDone: 'Geaccepteerd.',
  accessUntil: 'Tot en met',
  accessUntilHint: 'Hooguit een jaar vooruit.',
  accessUntilMissing: 'Geef aan tot en met welke dag.',
  takeOverTitle: 'Overname van de eerdere connector',
  takeOverUntouched: (untouched, of) => `Sindsdien niet bijgewerkt: ${untouched} van ${of}.`,
  takeOverText:
    'HelloID heeft over deze mensen niets laten horen sinds de overname. Kijk wie het zijn, en sluit de overname dan af op de server: npx spendcloud adopt --close',
  connectTitle: 'HelloID aansluiten',
  connectLead: 'HelloID heeft nog nooit aangeroepen. Drie stappen, en deze pagina vult zich vanzelf.',
  connectCalled:
    'HelloID heeft aangeroepen, maar er is nog geen account aangemaakt. Kijk naar de business rules in HelloID, en hier op de pagina Audit.',
  connectAddress: 'Geef HelloID dit adres',
  connectAddressText:
    'In HelloID: Target > Systems > uw PowerShell V2-systeem > Configuration, veld “Address of the connector”.',
  connectKey: 'Zet de agentsleutel ernaast',
  connectKeyText:
    'Veld “Agent key” van hetzelfde formulier, en nergens anders. De eerste start toonde er een; maak op de server een nieuwe met deze opdracht.',
  connectGo: 'Maak een eerste preview',
  connectGoText:
    'Maak in HelloID een preview van één persoon. Onder Audit verschijnt iets zodra HelloID echt een account heeft aangemaakt. De scripts en veldmappings staan in de map “helloid” die bij de connector hoort.',
  copy: 'Kopiëren',
  copied: 'Gekopieerd.',
  notCopied: 'De browser laat deze pagina niet kopiëren; selecteer de tekst.',
};

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
