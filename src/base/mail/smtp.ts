import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { MusterError } from '#base/errors';

/** A message to one person. */
export interface OutgoingMail {
  /** What caused it: the same cause is the same message, however often it is handed over. */
  key: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Address that takes a POST and then stops these mails (RFC 8058); none for what nobody can do without. */
  stop?: string;
}

/** Hands messages to the server that the settings name. */
export interface Mailer {
  /** @throws MusterError MAIL_REFUSED where the server will never take it, MAIL_FAILED where it may later */
  send(mail: OutgoingMail): Promise<{ messageId: string }>;
  close(): void;
}

/** How long a server may take for each step; a message that it took after that goes out again under the same id. */
const PATIENCE_MS = 20_000;

/**
 * Sends by SMTP: one connection at a time, encrypted where the server can (`smtps://` always).
 *
 * @param settings.url `smtp://user:password@host:587`
 * @param settings.from `security@example.org`, or `Muster <security@example.org>`
 */
export function makeMailer({ url, from }: { url: string; from: string }): Mailer {
  const patience = {
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  };
  // Nothing of a message is ever read from a file or fetched from an address.
  const safe = { disableFileAccess: true, disableUrlAccess: true };
  const transport = createTransport({ url, ...patience, ...safe }, { from });
  return {
    async send({ key, to, subject, text, html, stop }) {
      const id = messageId(key, from);
      try {
        await transport.sendMail({
          to: { name: '', address: to },
          subject: subject.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 200),
          text,
          html,
          messageId: id,
          headers: {
            // Answering machines leave it alone (RFC 3834, section 5).
            'Auto-Submitted': 'auto-generated',
            ...(stop === undefined
              ? {}
              : { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
          },
        });
        return { messageId: id };
      } catch (error) {
        throw asFailure(error, to);
      }
    },
    close: () => transport.close(),
  };
}

/** The same for the same cause, different ones for different causes; at the domain that it is sent from. */
export function messageId(key: string, from: string): string {
  const domain = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'muster.invalid';
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${domain}>`;
}

/** What a server says for good begins with 5 (RFC 5321, section 4.2.1); a wrong password is ours to mend. */
function asFailure(error: unknown, to: string): MusterError {
  const { responseCode, code, message } = error as {
    responseCode?: number;
    code?: string;
    message?: string;
  };
  const forGood =
    (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500;
  return new MusterError(
    forGood ? 'MAIL_REFUSED' : 'MAIL_FAILED',
    `a mail to ${to}: ${message ?? String(error)}`,
    { cause: error },
  );
}
