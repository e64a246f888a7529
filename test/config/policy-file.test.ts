import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../shared/config.ts';
import { Policy } from '../../shared/policy.ts';
import { temporaryFolder } from '../folder.ts';
import { faultsOf } from './faults.ts';

describe('connector.json', () => {
  test('may hold comments, trailing commas and a byte order mark', () => {
    const text = '\ufeff{ // who decides\n "schedule": { "quietMinutes": 5, /* minutes */ }, }';
    const folder = temporaryFolder({ 'connector.json': text });
    const config = loadConfig({}, folder);
    expect(config.configFile).toBe(join(folder, 'connector.json'));
    expect(config.policy).toStrictEqual(Policy.parse({ schedule: { quietMinutes: 5 } }));
  });

  test('has its tables beside it, wherever the program runs', () => {
    const tables = {
      roles: { profileTable: 'profielen.csv', unitTable: '../afdelingen.csv', catalogue: '/tables/rollen.csv' },
      also: { persons: 'personen.csv', roles: 'rollen.csv' },
    };
    const folder = temporaryFolder({ 'etc/connector.json': JSON.stringify(tables) });
    expect(loadConfig({ CONFIG_FILE: 'etc/connector.json' }, folder).policy).toMatchObject({
      roles: {
        profileTable: join(folder, 'etc/profielen.csv'),
        unitTable: join(folder, 'afdelingen.csv'),
        catalogue: '/tables/rollen.csv',
      },
      also: { persons: join(folder, 'etc/personen.csv'), roles: join(folder, 'etc/rollen.csv') },
    });
  });

  test('that is not JSON names line and column', () => {
    const folder = temporaryFolder({ 'connector.json': '{\n  "schedule": {}\n  "guards": {}\n}' });
    expect(faultsOf({}, folder)).toEqual([
      'connector.json line 3, column 3: found something that is not JSON (comma expected), expected JSON',
    ]);
  });

  test('that is a link to nowhere is named, and not taken for none', () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'share/connector.json'), join(folder, 'connector.json'));
    expect(faultsOf({}, folder)).toEqual([
      `connector.json: there is no file ${folder}/connector.json, expected the file of settings; CONFIG_FILE can name another`,
    ]);
  });

  test('names a setting that stands there twice', () => {
    const folder = temporaryFolder({ 'connector.json': '{ "schedule": {},\n  "guards": {}, "schedule": {} }' });
    expect(faultsOf({}, folder)).toEqual([
      'connector.json line 2, column 17: found "schedule" again, expected each setting once',
    ]);
  });

  test('must be there when CONFIG_FILE names it', () => {
    const folder = temporaryFolder();
    expect(faultsOf({ CONFIG_FILE: 'policy.json' }, folder)).toEqual([
      `CONFIG_FILE: there is no file ${join(folder, 'policy.json')}, expected the file of settings; CONFIG_FILE can name another`,
    ]);
  });

  test('must be UTF-8 text', () => {
    const folder = temporaryFolder({ 'connector.json': Buffer.from('{}', 'utf16le'), 'old.json': Buffer.from([0xe9]) });
    expect(faultsOf({}, folder)).toEqual([expect.stringMatching(/^connector\.json line 1, column 2: /)]);
    expect(faultsOf({ CONFIG_FILE: 'old.json' }, folder)).toEqual([
      `CONFIG_FILE: the file ${join(folder, 'old.json')} is not UTF-8 text, expected the file of settings; CONFIG_FILE can name another`,
    ]);
  });

  test('is quoted where it is wrong, cut at 60 characters', () => {
    const policy = { schedule: { cron: 'x'.repeat(100), timeZone: null }, files: { roles: { quote: 'some "times"' } } };
    const folder = temporaryFolder({ 'connector.json': JSON.stringify(policy) });
    expect(faultsOf({}, folder)).toEqual([
      'connector.json files.roles.quote: found "some \\"times\\"", expected "always" or "needed"',
      `connector.json schedule.cron: found "${'x'.repeat(59)}…, expected six cron fields, seconds first, such as "0 30 5 * * *", with a date that comes`,
      'connector.json schedule.timeZone: found null, expected an IANA time zone, such as "Europe/Amsterdam"',
    ]);
  });
});
