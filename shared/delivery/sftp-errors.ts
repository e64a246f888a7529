import { AppError } from '../errors.ts';
import type { Shown } from './sftp-login.ts';
import type { SftpSettings } from './sftp.ts';

export const connecting = 'connecting';

export function where({ host, port }: SftpSettings): string {
  return `${host}:${port}`;
}

/** Text that came from the server, fit for one line. */
export function quote(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, 300);
}

export function failed(settings: SftpSettings, text: string, cause?: unknown): AppError {
  return new AppError('delivery-failed', `${where(settings)} ${text}`, { cause });
}

export function refused(settings: SftpSettings, text: string, cause?: unknown): AppError {
  return new AppError('delivery-refused', `${where(settings)} ${text}`, { cause });
}

export function tooLate(settings: SftpSettings, doing: string): AppError {
  const after = `within ${settings.deadlineSeconds} seconds`;
  if (doing === connecting)
    return failed(settings, `did not answer ${after}. Check SFTP_HOST and SFTP_PORT, and the firewalls between.`);
  return failed(
    settings,
    `did not finish ${after}: cut off while ${doing}. Ask the provider, or raise delivery.deadlineSeconds.`,
  );
}

export function lost(settings: SftpSettings, doing: string, cause: unknown): AppError {
  const why = cause instanceof Error ? ` (${quote(cause.message)})` : '';
  return failed(
    settings,
    `broke the connection while ${doing}${why}. If that happens again, ask the provider what their log says.`,
    cause,
  );
}

export function unreachable(settings: SftpSettings, error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  return failed(
    settings,
    `cannot be reached (${code}): ${unreachableAdvice[code] ?? 'check the network, and the firewalls between'}.`,
    error,
  );
}

const unreachableAdvice: Record<string, string> = {
  ENOTFOUND: 'its name is not known. Check SFTP_HOST, and whether this machine can look up names',
  EAI_AGAIN: 'its name cannot be looked up now. Check the name servers of this machine',
  ECONNREFUSED: 'it refuses the connection. Check SFTP_HOST and SFTP_PORT, and whether the server runs',
};

/** Why the server did not let us in, from what it showed and, where nothing else tells, from the library's text. */
export function loginError(settings: SftpSettings, shown: Shown, error: unknown): AppError {
  const message = error instanceof Error ? error.message : '';
  if (!shown.hostKey?.pinned && shown.strangeKeys.length > 0) return refused(settings, strangerAdvice(shown), error);
  if (shown.passwordExpired) {
    return refused(settings, 'wants a new password for this login. Change it there, then set SFTP_PASSWORD.', error);
  }
  if (shown.error?.level === 'client-authentication' || /authentication/i.test(message)) {
    return refused(settings, loginAdvice(settings, shown), error);
  }
  if (/no matching/i.test(message)) {
    return refused(
      settings,
      `offers only what is not safe any more. Its ${quote(shown.offer)}. Ask the provider for more.`,
      error,
    );
  }
  if (shown.letIn && !shown.error && !/Unexpected (?:end|close) event/.test(message)) {
    return failed(settings, `let us in, but without SFTP (${quote(message)}). Ask the provider to allow it.`, error);
  }
  if (/Invalid identification|before handshake/.test(message)) {
    const text =
      'does not speak SSH, or closed at once. Check SFTP_PORT, and whether the provider admits the address of this machine';
    return failed(settings, `${text} (${quote(message)}).`, error);
  }
  return lost(settings, 'logging in', error);
}

function strangerAdvice({ strangeKeys }: Shown): string {
  const keys = strangeKeys.map(({ type, fingerprint }) => `${fingerprint} (${quote(type)})`).join(', ');
  return (
    `showed a host key that is not in SFTP_HOST_KEY: ${keys}. It may be another machine. ` +
    'Compare this with what the provider tells by another way, before putting it there.'
  );
}

function loginAdvice({ privateKey, password }: SftpSettings, { methods }: Shown): string {
  const given = [privateKey !== undefined && 'SFTP_PRIVATE_KEY', password !== undefined && 'SFTP_PASSWORD'].filter(
    Boolean,
  );
  return (
    `refuses the login. Given: ${given.join(', ') || 'nothing'}; it takes: ${quote(methods.join(', ')) || 'nothing'}. ` +
    'Check SFTP_USERNAME and these. Servers lock out who keeps trying, so a person must start the next try.'
  );
}
