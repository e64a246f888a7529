/** Invented people, with the parts of their contracts that we read. */
export const renee = {
  externalId: '100234',
  email: 'rvdbrink@waterrijk-zorg.example',
  voornaam: 'Renée',
  tussenvoegsel: 'van den',
  achternaam: 'Brink - de Vries',
  gender: 'V',
  gebruikersnaam: 'rvdbrink',
};

export const sean = {
  externalId: '100871',
  email: 's.obrien@waterrijk-zorg.example',
  voornaam: 'Seán',
  tussenvoegsel: null,
  achternaam: "O'Brien",
  gender: 'M',
  gebruikersnaam: 'rvdbrink',
};

const care = {
  ExternalId: '100234-1',
  StartDate: '2019-03-01T00:00:00Z',
  EndDate: null,
  Department: { DisplayName: 'Thuiszorg Noord', ExternalId: 'D0310' },
  Title: { ExternalId: 'TL-ZORG', Code: 'F118', Name: 'Teamleider zorg' },
};
const purchasing = {
  ExternalId: '100234-2',
  StartDate: '2023-09-01T00:00:00Z',
  EndDate: '2027-08-31T00:00:00Z',
  Department: { DisplayName: 'Inkoop & Facilitair', ExternalId: 'D0420' },
  Title: { ExternalId: 'INK-MED', Code: 'F210', Name: 'Medewerker inkoop' },
};

/** In a preview none need be in conditions. */
export const contractsInPreview = [care, purchasing].map((contract) => ({
  Context: { InConditions: false },
  ...contract,
}));
export const contracts = [care, purchasing].map((contract) => ({ Context: { InConditions: true }, ...contract }));
/** After the first has ended. */
export const contractsLater = [
  { Context: { InConditions: false }, ...care, EndDate: '2026-11-30T00:00:00Z' },
  { Context: { InConditions: true }, ...purchasing },
];

export const reference = 'SC-100234';
export const contractRoles = { Reference: 'contract-roles' };
export const catalogueRole = { Reference: 'D0420|INK-MED' };
export const decision = { by: 'Fenna de Boer', reason: 'Agreed with HR' };
