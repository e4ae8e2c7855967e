/** What can happen to a mail that is handed to the mail server. */
export const mailFaults = ['REFUSED', 'SENT_BUT_LOST', 'CUT', 'HANGS'] as const;
export type MailFault = (typeof mailFaults)[number];

/** How a trace tells of them. */
export const mailFaultWords: Readonly<Partial<Record<MailFault, string>>> = {
  REFUSED: 'the mail server refuses it',
  SENT_BUT_LOST: 'it is sent, and the response is lost',
  CUT: 'the connection is lost before it is sent',
};
