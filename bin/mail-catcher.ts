import { once } from 'node:events';
import { mailTag, readMailCatcherConfig } from './config.js';
import { runProgram } from '../platform/failure.js';
import { createLogger } from '../platform/logger.js';
import { startMailCatcher } from '../platform/mail-catcher.js';
import { shutdownSignal } from '../platform/shutdown.js';

const interrupted = shutdownSignal();

await runProgram('start', async () => {
  const config = readMailCatcherConfig(process.env);
  const log = createLogger('mail catcher', config.LOG_LEVEL);
  const catcher = await startMailCatcher({
    smtpPort: config.SMTP_PORT,
    dataDir: config.DATA_DIR,
    tag: mailTag,
    host: config.MAIL_CATCHER_HOST,
    listPort: config.MAIL_CATCHER_PORT,
  });
  log.info({ smtp: catcher.smtpUrl, list: catcher.listUrl }, 'the mail catcher is listening');
  if (!interrupted.aborted) await once(interrupted, 'abort');
  await catcher.stop();
  log.info('the mail catcher has stopped');
});
