import type { SendMail } from '../../activities/mail.js';
import type { Faults } from './faults.js';

/** A mail server that can be down, or refuse the first attempts of each order. */
export const failingMail =
  (sendMail: SendMail, faults: Faults): SendMail =>
  async (mail) => {
    const { mode, refusals } = (await faults.settings('notification')).mail;
    if (mode === 'DOWN') throw connectionRefused();
    // Attempts are counted where they are stored, so that a restart begins no new count.
    if (mode === 'REFUSE' && (await faults.attempts(mail.orderId)) <= refusals) throw refused();
    await sendMail(mail);
  };

/** What nodemailer makes of a port on which nobody listens. */
const connectionRefused = () =>
  Object.assign(new Error('connect ECONNREFUSED (a fault on demand)'), {
    code: 'ESOCKET',
    syscall: 'connect',
    originalCode: 'ECONNREFUSED',
    command: 'CONN',
  });

/** What nodemailer makes of a server that takes no mail just now. */
const refused = () =>
  Object.assign(new Error('Mail command failed: 451 try again later (a fault on demand)'), {
    code: 'EENVELOPE',
    response: '451 try again later (a fault on demand)',
    responseCode: 451,
    permanent: false,
    command: 'MAIL FROM',
  });
