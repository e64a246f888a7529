import type { Text } from '../types.ts';

const byCode: Text['failures']['byCode'] = {
  unauthorized: 'Deze sleutel is hier niet of niet meer bekend.',
  forbidden: 'Deze sleutel mag dat niet.',
  'not-found': 'Hier is niets met die naam.',
  conflict: 'Dat kan niet in de huidige staat.',
  impossible: 'Zo kan het niet.',
  unavailable: 'De connector kan dat op dit moment niet.',
  fault: 'Er ging iets mis dat niet was voorzien.',
};

export const frame: Omit<Text, 'overview' | 'deliveries' | 'people' | 'audit' | 'health' | 'words'> = {
  brand: 'Spend Cloud-connector',
  brandFor: 'voor HelloID',
  skip: 'Naar de inhoud',
  loading: 'Een ogenblik…',
  mainMenu: 'Hoofdmenu',
  waiting: (count) => `${count} wachtend`,
  language: 'Taal',
  appearance: 'Weergave',
  themes: { auto: 'Zoals dit apparaat', light: 'Licht', dark: 'Donker' },
  pages: {
    overview: 'Overzicht',
    deliveries: 'Leveringen',
    people: 'Personen',
    audit: 'Audit',
    health: 'Gezondheid',
  },
  scopes: { viewer: 'Mag kijken', operator: 'Mag beslissen' },
  signOut: 'Afmelden',
  none: '–',
  by: (name) => `door ${name}`,
  more: 'Meer tonen',
  signIn: {
    title: 'Aanmelden',
    lead: 'Zie of de laatste levering is aangekomen, en wat de volgende gaat doen.',
    key: 'Sleutel',
    hint: 'Met een viewersleutel kunt u kijken, met een operatorsleutel ook beslissen. De sleutel blijft in dit tabblad en verdwijnt als u het sluit.',
    submit: 'Aanmelden',
    missing: 'Vul een sleutel in.',
    wrong:
      'Deze sleutel is hier niet bekend. Let op spaties aan het begin of eind, of maak een nieuwe met “spendcloud keys add”.',
    agent: 'Dit is de sleutel van de HelloID-agent. Het dashboard vraagt een viewer- of operatorsleutel.',
    ended: 'U bent afgemeld, omdat de sleutel niet meer geldig is.',
  },
  unreachable: (since) => `De connector is sinds ${since} niet te bereiken. Wat u ziet, kan verouderd zijn.`,
  refusedSince: (since) =>
    `De connector antwoordt sinds ${since} niet zoals het hoort. Wat u ziet, kan verouderd zijn.`,
  unreachableRetry: 'Er wordt vanzelf opnieuw geprobeerd.',
  tryNow: 'Nu proberen',
  paused: (by, at, reason) => `Leveringen zijn gepauzeerd door ${by}, ${at}: ${reason}`,
  working: {
    waiting: (run) => `Run ${run} wacht tot HelloID rustig is.`,
    rendering: (run) => `Run ${run}: de bestanden worden gemaakt…`,
    sending: (run) => `Run ${run}: de bestanden worden verstuurd…`,
    replacing: (run) => `Run ${run}: de bestanden worden op hun plaats gezet…`,
  },
  failures: {
    unreachable: 'De connector is niet te bereiken. Wat u typte staat er nog; probeer het zo opnieuw.',
    refused: 'De connector heeft dit geweigerd.',
    reload: 'Pagina opnieuw laden',
    byCode,
    requestId: (id) => `In het logboek onder verzoek ${id}`,
  },
  decisions: {
    by: 'Uw naam',
    byMissing: 'Vul uw naam in: die wordt bij het besluit bewaard.',
    reason: 'Reden',
    reasonHint: 'Staat voorgoed in de audittrail. Noem niet meer mensen dan nodig.',
    reasonMissing: 'Vul een reden in.',
    cancel: 'Annuleren',
  },
};
