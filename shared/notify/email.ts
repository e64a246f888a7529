import { AppError } from '../errors.ts';
import type { Channel } from './channels.ts';

/** Sends plain mail from and to NOTIFY_EMAIL; from the login of SMTP_URL where that is an address, as some servers insist on. */
export function emailChannel(smtpUrl: string, address: string, seconds: number): Channel {
  return {
    name: 'e-mail',
    async send({ subject, text }, stopping) {
      const { createTransport } = await import('nodemailer');
      const limit = seconds * 1000;
      const timeouts = { connectionTimeout: limit, greetingTimeout: limit, socketTimeout: limit, dnsTimeout: limit };
      const transport = createTransport({ url: smtpUrl, ...timeouts });
      const signal = AbortSignal.any([AbortSignal.timeout(limit), stopping]);
      const from = { name: 'Spend Cloud connector', address: loginAddress(smtpUrl) ?? address };
      const headers = { 'auto-submitted': 'auto-generated' }; // keeps out-of-office replies away
      try {
        await Promise.race([transport.sendMail({ from, to: address, subject, text, headers }), rejection(signal)]);
      } catch (error) {
        throw unsent(signal.aborted ? `no answer within ${seconds} seconds` : whyNot(error), error);
      } finally {
        transport.close();
      }
    },
  };
}

function loginAddress(smtpUrl: string): string | undefined {
  const login = decodeURIComponent(URL.parse(smtpUrl)?.username ?? '');
  return login.includes('@') ? login : undefined;
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const tooLate = () => reject(new Error('too late', { cause: signal.reason }));
    if (signal.aborted) tooLate();
    else signal.addEventListener('abort', tooLate, { once: true });
  });
}

const advice: Record<string, string> = {
  EAUTH: 'the mail server refuses the login',
  EENVELOPE: 'the mail server refuses the sender or the receiver',
  EDNS: 'the name of the mail server is not known',
  ECONNECTION: 'no connection to the mail server',
  ESOCKET: 'no connection to the mail server',
  ETIMEDOUT: 'the mail server does not answer',
  ETLS: 'the mail server and this machine do not agree on TLS',
};

/** The library's own text can hold addresses and what the server said. */
function whyNot(error: unknown): string {
  const { code = 'no code', responseCode } = error as { code?: string; responseCode?: number };
  return `${advice[code] ?? 'the mail server gave an error'} (${[code, responseCode].filter(Boolean).join(' ')})`;
}

function unsent(why: string, cause: unknown): AppError {
  const text = `An e-mail could not be sent: ${why}. Check SMTP_URL and NOTIFY_EMAIL`;
  return new AppError('unavailable', text, { cause });
}
