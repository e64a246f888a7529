/**
 * The key that goes into the files: HelloID's, unless the person was delivered under another one that has to stay.
 * Where another living account holds the old one by now, the new one counts at once.
 */
function keptKey(column: string, other: string): string {
  const [delivered, accepted] = [`delivered_${column}`, `accepted_${column}`];
  return `
  CASE
    WHEN ${delivered} IS NULL OR ${delivered} = ${column} OR @usernameChange = 'follow' THEN ${column}
    WHEN @usernameChange = 'confirm' AND ${accepted} = ${column} THEN ${column}
    WHEN EXISTS (SELECT 1 FROM accounts AS other WHERE ${other} AND other.deleted_at IS NULL AND other.id <> accounts.id)
      THEN ${column}
    ELSE ${delivered}
  END`;
}

export const keptUsername = keptKey('username', 'other.username_key = accounts.delivered_key');
export const keptExternalId = keptKey('external_id', 'other.external_id = accounts.delivered_external_id');
