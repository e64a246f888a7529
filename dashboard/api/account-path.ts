/**
 * The path of a person's account, and of what is done with it. A slash is told in the query as well: the Functions host
 * cannot tell it from the text `%2F` in a path.
 */
export function accountPath(reference: string, action = ''): string {
  const encoded = encodeURIComponent(reference);
  return `accounts/${encoded}${action}${/[/%]/.test(reference) ? `?reference=${encoded}` : ''}`;
}
