import { expect, test } from 'vitest';
import { isWindowsShare, unsafeFileSystem } from '../../shared/store/file-system.ts';
import { temporaryFolder } from '../helpers.ts';

test('a path of Windows that leads to another machine is a share, however it is written', () => {
  const shares = [
    '\\\\server\\data',
    '\\\\server.waterrijk.example\\c$\\data',
    '\\\\?\\UNC\\server\\data',
    '\\\\?\\unc\\server\\data',
  ];
  const local = ['C:\\spendcloud\\data', '\\\\?\\C:\\spendcloud\\data', '\\\\.\\C:\\spendcloud', 'D:\\'];
  expect(shares.map(isWindowsShare)).toEqual(shares.map(() => true));
  expect(local.map(isWindowsShare)).toEqual(local.map(() => false));
});

test('a folder on a local disk is fit for a database', () => {
  expect(unsafeFileSystem(temporaryFolder())).toBe(undefined);
});
