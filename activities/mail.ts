import { createTransport } from 'nodemailer';
import type { EventId, OrderId } from '../schemas/ids.js';

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

/** All limits together stay below the 30 s that an attempt may take. */
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
 * Whether the mail server has certainly not taken the mail: it answered with a refusal, or there was no
 * connection, login or recipient to begin with. Everything else leaves the mail's fate unknown; a connection
 * lost after the message went over looks, in nodemailer's error, like one lost before.
 */
export function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { responseCode, code, syscall } = error as {
    responseCode?: unknown;
    code?: unknown;
    syscall?: unknown;
  };
  return typeof responseCode === 'number' || refusalCodes.has(String(code)) || syscall === 'connect';
}

const refusalCodes: ReadonlySet<string> = new Set(['EDNS', 'EAUTH', 'EENVELOPE']);
