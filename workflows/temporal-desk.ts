import {
  ApplicationFailure,
  condition,
  currentUpdateInfo,
  defineUpdate,
  setCurrentDetails,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import type { RetryInput } from '../activities/notification.js';
import type { EventType } from '../schemas/catalogue.js';
import type { OrderId } from '../schemas/ids.js';
import { RETRY_NOTIFICATION } from '../schemas/services.js';
import { Inbox } from './inbox.js';
import type { OperatorDesk } from './operator-desk.js';
import type { EffectMap, Saga } from './saga.js';
import { host } from './temporal.js';

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
    const inbox = new Inbox();
    setDefaultSignalHandler((signalName, ...args) => inbox.deliver(signalName, args));
    const desk = openDesk(inbox);
    return host<Effects>(
      orderId,
      inbox,
      (saga) => participant(saga, desk),
      () => undefined,
    );
  };
}

/** An Update is refused unless the run is parked; the first one accepted ends the parking. */
function openDesk(inbox: Inbox): OperatorDesk {
  let isParked = false;
  let request: RetryInput | undefined;
  setHandler<void, [RetryRequest], typeof retryNotification>(
    retryNotification,
    ({ operator }) => {
      isParked = false;
      request = { key: currentUpdateInfo()?.id ?? '', operator };
    },
    {
      validator: () => {
        if (!isParked) throw ApplicationFailure.nonRetryable('the notification is not parked', 'NOT_PARKED');
      },
    },
  );
  return {
    open: async <Type extends EventType>(types: readonly Type[]) => {
      setCurrentDetails('parked: all attempts are used up, an operator can retry');
      isParked = true;
      await condition(() => request !== undefined || inbox.has(types));
      isParked = false;
      const next = inbox.take(types) ?? request;
      if (next === undefined) throw new Error('parking ended without a cause');
      if (next === request) request = undefined;
      return next;
    },
  };
}
