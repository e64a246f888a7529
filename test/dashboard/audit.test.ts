import { expect, test } from 'vitest';
import type { AuditKind, AuditOutcome } from '../../shared/domain/audit.ts';
import { aboutNoAccount } from '../../shared/store/audit.ts';
import { testServer } from '../helpers.ts';
import { visitors } from './browser.ts';

const visit = visitors();

test('what failed in a way that the page has no word for is not called done', async () => {
  const server = await testServer();
  const said = { outcome: 'of-a-later-version' as AuditOutcome, success: false, key: 'agent', messages: [] };
  server.app.audit.append('2026-11-24T05:00:00.000Z', 'later' as AuditKind, null, aboutNoAccount(said));
  const { page, go } = await visit({ address: server.address });
  await go('#/audit');
  const row = page.getByRole('table', { name: 'Audit entries, newest first' }).locator('tbody tr');
  await row.getByText('failed').waitFor();
  expect(await row.getByText('done').count()).toBe(0);
});
