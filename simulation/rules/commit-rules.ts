import { eventRules } from './event-rules.js';
import { movementRules } from './ledger-rules.js';
import { notificationRules } from './notification-rules.js';
import { orderRules } from './order-rules.js';
import { rowRules } from './row-rules.js';
import type { Step } from './step.js';
import { tableRules } from './table-rules.js';

/** What must hold of everything that is committed about an order; says what does not. */
export const brokenByCommit = (step: Step): readonly string[] =>
  isUnchanged(step)
    ? []
    : [
        ...tableRules(step),
        ...eventRules(step),
        ...rowRules(step),
        ...orderRules(step),
        ...notificationRules(step),
        ...movementRules(step),
      ];

/** A look, or what has gone to quarantine. */
const isUnchanged = ({ was, is, key, emitted, before, after }: Step): boolean =>
  was === is &&
  key === undefined &&
  emitted.length === 0 &&
  before.walletLedger === after.walletLedger &&
  before.stockLedger === after.stockLedger;
