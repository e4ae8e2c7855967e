import { ApplicationFailure, currentUpdateInfo, defineUpdate, setHandler } from '@temporalio/workflow';
import type { OrderId } from '../schemas/ids.js';
import { RETRY_NOTIFICATION } from '../schemas/services.js';
import { host } from './hosting.js';
import type { OperatorDesk } from './operator-desk.js';
import { RetryDesk } from './retry-desk.js';
import type { EffectMap, Saga } from './saga.js';
import { signalledInbox, temporalEngine, untilTheEnd } from './temporal.js';

/** The operator as the caller named them; recorded as claimed. */
export interface RetryRequest {
  readonly operator: string;
}

const retryNotification = defineUpdate<void, [RetryRequest]>(RETRY_NOTIFICATION);

/** Like `hosted`, for a participant that an operator can speak to by a Temporal Update. */
export function hostedWithDesk<Effects extends EffectMap>(
  participant: (saga: Saga<Effects>, desk: OperatorDesk) => Promise<void>,
): (orderId: OrderId) => Promise<void> {
  return (orderId) => {
    const inbox = signalledInbox();
    const engine = temporalEngine();
    const desk = new RetryDesk(inbox, engine);
    takeUpdates(desk);
    return untilTheEnd(() => host<Effects>({ orderId, inbox, engine }, (saga) => participant(saga, desk)));
  };
}

/** An Update is refused unless the run is parked. */
function takeUpdates(desk: RetryDesk): void {
  setHandler<void, [RetryRequest], typeof retryNotification>(
    retryNotification,
    ({ operator }) => desk.ask({ key: currentUpdateInfo()?.id ?? '', operator }),
    {
      validator: () => {
        if (!desk.isParked)
          throw ApplicationFailure.nonRetryable('the notification is not parked', 'NOT_PARKED');
      },
    },
  );
}
