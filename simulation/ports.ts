import type { Mail } from '../activities/mail.js';
import type { Deliver } from '../core/activity/outbox.js';
import type { EpochMillis } from '../core/event.js';
import type { Execution } from '../core/simulation/worker.js';
import type { ShopDatabase } from './database.js';
import type { Attempt } from '../db/notification/notification-row.js';
import type { MailFault } from './mail-faults.js';

export type AttemptKey = Pick<Attempt, 'round' | 'number'>;

export interface Waits {
  readonly payment: number;
  readonly inventory: number;
  readonly saga: number;
}

/** What the activities of a world are built from; all durations in ms. */
export interface Ports {
  readonly database: ShopDatabase;
  readonly waits: Waits;
  readonly hasContact: () => boolean;
  /** Hands an attempt's mail to the mail server, for which this fault is foreseen. Rejects as nodemailer would. */
  readonly sendMail: (attempt: AttemptKey, mail: Mail, fault: MailFault | undefined) => Promise<void>;
  readonly deliver: (execution: Execution) => Deliver;
  readonly now: () => EpochMillis;
}
