import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/** The product owner allows no retry for charge and reserve. A local activity must end within its workflow task. */
export const ONE_TRY = {
  startToCloseTimeout: '4s',
  retry: { maximumAttempts: 1 },
} satisfies ActivityOptions & LocalActivityOptions;

/** What must hold in the end. */
export const UNTIL_DONE = {
  startToCloseTimeout: '4s',
  retry: { initialInterval: '100ms', maximumInterval: '30s' },
} satisfies ActivityOptions & LocalActivityOptions;

/** The product owner's: up to 3 retries. */
export const mailTries = (retryIntervalMs: number): ActivityOptions => ({
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 4, initialInterval: retryIntervalMs, backoffCoefficient: 1 },
});
