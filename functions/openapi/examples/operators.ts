import type { Example } from '../examples.ts';
import { decision } from './people.ts';

/** What people and monitoring see and decide. */
export const operatorExamples: readonly Example[] = [
  { route: 'live', name: 'live', summary: 'All is well', answer: { status: 'ok' } },
  { route: 'health', name: 'health', summary: 'All is well', answer: { status: 'ok' } },
  {
    route: 'accounts',
    name: 'accounts',
    summary: 'The first page',
    answer: {
      accounts: [
        {
          reference: 'SC-100234',
          externalId: '100234',
          email: 'rdevries@waterrijk-zorg.example',
          voornaam: 'Renée',
          tussenvoegsel: 'de',
          achternaam: 'Vries - van den Brink',
          geslacht: 'V',
          gebruikersnaam: 'rvdbrink',
          enabled: true,
          roles: [
            {
              ou: 'Inkoop & Facilitair',
              oucode: 'Inkoop & Facilitair',
              functie: 'INK-MED',
              functiecode: 'INK-MED',
              contract: '',
              startDate: null,
              endDate: null,
              assignedBy: 'catalogue',
              permission: 'D0420|INK-MED',
            },
            {
              ou: 'Inkoop & Facilitair',
              oucode: 'D0420',
              functie: 'Medewerker inkoop',
              functiecode: 'INK-MED',
              contract: '100234-2',
              startDate: '2023-09-01T00:00:00Z',
              endDate: '2027-08-31T00:00:00Z',
              assignedBy: 'permissions',
              permission: 'D0420|INK-MED',
            },
          ],
          createdAt: '2026-11-23T10:00:00.000Z',
          changedAt: '2026-11-23T10:00:00.000Z',
          touchedAt: '2026-11-23T10:00:00.000Z',
          deletedAt: null,
        },
      ],
      next: null,
    },
  },
  {
    route: 'statistics',
    name: 'year',
    summary: 'The first day',
    answer: {
      timeZone: 'Europe/Amsterdam',
      from: '2025-11-24',
      to: '2026-11-23',
      deliveries: [],
      actions: [
        {
          day: '2026-11-23',
          kinds: { create: 2, enable: 1, 'grant-permission': 1, resources: 1, 'sub-permissions': 2, update: 1 },
        },
      ],
    },
  },
  {
    route: 'take-over',
    name: 'take-over',
    summary: 'Nobody was taken over',
    answer: { takeOver: null, people: [] },
  },
  {
    route: 'backups',
    name: 'backups',
    summary: 'Before the first one',
    answer: { backups: [], failure: null, offMachine: false },
  },
  {
    route: 'keys',
    name: 'keys',
    summary: 'Keys from the environment',
    answer: {
      keys: [
        { name: 'AGENT_KEY', scope: 'agent', createdAt: null, lastUsedAt: null, fixed: true },
        { name: 'VIEWER_KEY', scope: 'viewer', createdAt: null, lastUsedAt: null, fixed: true },
        {
          name: 'OPERATOR_KEY',
          scope: 'operator',
          createdAt: null,
          lastUsedAt: '2026-11-23T10:00:00.000Z',
          fixed: true,
        },
      ],
    },
  },
  {
    route: 'export-now',
    name: 'preview',
    summary: 'What would be delivered now',
    request: { dryRun: true },
    answer: {
      dryRun: true,
      becomes: 'delivered',
      files: [
        {
          name: 'Users.csv',
          rows: 1,
          bytes: 179,
          sha256: 'a108626b87f816fbca78df81d363ad0d98107121a1fa1d22b5f0097b5c4055ec',
        },
        {
          name: 'Roles.csv',
          rows: 1,
          bytes: 114,
          sha256: 'd0b68327f58bae7062ee6d0d2532dfe5a71444332d58f577ead92f8974b6a1e4',
        },
      ],
      effect: {
        persons: { total: 1, added: 1, reactivated: 0, deactivated: 0, changed: 0, renamed: 0 },
        roles: { total: 1, added: 1, removed: 0 },
        who: {
          added: [{ reference: 'SC-100234', key: 'rvdbrink' }],
          reactivated: [],
          deactivated: [],
          changed: [],
          renamed: [],
          rolesAdded: [
            {
              reference: 'SC-100234',
              key: 'rvdbrink',
              role: {
                'Organisatorische Eenheid': 'Inkoop & Facilitair',
                Gebruikersnaam: 'rvdbrink',
                'Functieprofiel Code': 'INK-MED',
              },
            },
          ],
          rolesRemoved: [],
        },
      },
      findings: [],
      reasons: [],
    },
  },
  {
    route: 'pause',
    name: 'pause',
    summary: 'No delivery for the time being',
    request: decision,
    answer: { paused: { at: '2026-11-23T10:00:00.000Z', by: 'Fenna de Boer', reason: 'Agreed with HR' } },
  },
  {
    route: 'resume',
    name: 'resume',
    summary: 'Deliver again',
    request: decision,
    answer: { paused: null },
  },
  {
    route: 'username-allow',
    name: 'rehire',
    summary: 'A rehire under a new number',
    params: { username: 'rvdbrink' },
    request: { externalId: '200001', ...decision },
    answer: { username: 'rvdbrink', externalId: '200001' },
  },
];
