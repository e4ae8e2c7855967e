import { createTransport } from 'nodemailer';
import type { EventId } from '../core/event.js';
import type { OrderId } from '../schemas/ids.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly orderId: OrderId;
  /** The InventoryReservedEvent: every attempt for it carries the same Message-ID. */
  readonly causeId: EventId;
}

/** Resolves once the mail server has taken the mail; otherwise rejects with whatever the attempt met. */
export type SendMail = (mail: Mail) => Promise<void>;

export interface MailOptions {
  readonly smtpUrl: string;
  readonly from: string;
}

/**
 * A mail server that is silent is given up within these limits. One that is slow at every step may take longer than
 * the 30 s of an attempt: the mail's fate is then unknown, as after a lost connection.
 */
export function createMailer({ smtpUrl, from }: MailOptions): SendMail {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    dnsTimeout: 5_000,
    socketTimeout: 10_000,
  });
  return async ({ to, subject, text, orderId, causeId }) => {
    await transport.sendMail({
      from,
      to,
      subject,
      text,
      messageId: `<${causeId}@order-saga>`,
      headers: { 'X-Order-Id': orderId },
    });
  };
}

/**
 * An attempt that the mail server has not confirmed. It says by nodemailer's codes what happened, and never in the
 * server's own words: those often name the recipient, and this goes into the history and the logs.
 */
export class MailNotTaken extends Error {
  override readonly name = 'MailNotTaken';
  /**
   * Whether the mail has certainly not been taken: the server answered with a refusal, or there was no connection,
   * login or recipient to begin with. Otherwise its fate is unknown; a connection lost after the message went over
   * looks, in nodemailer's error, like one lost before.
   */
  readonly isRefusal: boolean;

  constructor(met: unknown) {
    const { responseCode, code, command, syscall } = (met ?? {}) as Partial<Record<string, unknown>>;
    const known = [responseCode, code, command, syscall].filter(isCode);
    super(`the mail server has not taken the mail: ${known.join(', ') || 'no code was given'}`);
    this.isRefusal =
      typeof responseCode === 'number' || refusalCodes.has(String(code)) || syscall === 'connect';
  }
}

/** A number, or a word like EENVELOPE, `RCPT TO` or connect. */
const isCode = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^[A-Za-z0-9_ ]{1,30}$/.test(value));

const refusalCodes: ReadonlySet<string> = new Set(['EDNS', 'EAUTH', 'EENVELOPE']);
