import { EMPTY, NO_CHANGE, type DecisionTable } from './cell.js';

const nothingOwed = {
  InventoryReservedEvent: EMPTY,
  PaymentCancelledEvent: EMPTY,
  'attempt accepted': EMPTY,
  'attempt refused': EMPTY,
  'fate of the attempt unknown': EMPTY,
  'retry by an operator': EMPTY,
} as const;

const sent = {
  then: 'SENT',
  emits: {
    type: 'OrderCompletedNotificationSentEvent',
    uncertain: false,
    causedBy: 'InventoryReservedEvent',
  },
} as const;

const roundUsedUp = [
  { when: 'attempts are left', then: NO_CHANGE, note: 'the next attempt' },
  {
    when: 'it was the fourth',
    then: 'FAILED',
    emits: { type: 'OrderCompletedNotificationFailedEvent', causedBy: 'InventoryReservedEvent' },
    note: 'parked',
  },
  { when: 'it was the fourth of a later round', then: 'FAILED', note: 'parked' },
] as const;

const uncertain = { type: 'OrderCompletedNotificationSentEvent', uncertain: true } as const;

export const notificationTable = {
  NOTHING: {
    InventoryReservedEvent: { then: 'SENDING' },
    PaymentCancelledEvent: { then: 'REVOKED', note: 'a tombstone: nobody will be told' },
    'attempt accepted': { ...EMPTY, note: 'no attempt begins' },
    'attempt refused': { ...EMPTY, note: 'no attempt begins' },
    'fate of the attempt unknown': { ...EMPTY, note: 'no attempt begins' },
    'retry by an operator': EMPTY,
  },
  SENDING: {
    InventoryReservedEvent: EMPTY,
    PaymentCancelledEvent: [
      { when: 'every attempt was refused', then: 'REVOKED' },
      { when: 'the fate of an attempt is unknown', then: 'REVOKED', emits: uncertain },
      { when: 'an attempt has begun and not ended', then: 'REVOKED', emits: uncertain },
    ],
    'attempt accepted': sent,
    'attempt refused': [
      ...roundUsedUp,
      { when: 'there is no contact', then: NO_CHANGE, note: 'a refused attempt' },
    ],
    'fate of the attempt unknown': roundUsedUp,
    'retry by an operator': { ...EMPTY, note: 'refused by the participant unless parked' },
  },
  SENT: {
    ...nothingOwed,
    'retry by an operator': { ...EMPTY, note: 'NotificationSent is announced if it was not (R2)' },
  },
  FAILED: {
    InventoryReservedEvent: EMPTY,
    PaymentCancelledEvent: [
      { when: 'every attempt was refused', then: 'REVOKED' },
      { when: 'the fate of an attempt is unknown', then: 'REVOKED', emits: uncertain },
    ],
    'attempt accepted': { ...sent, note: 'an old attempt got through' },
    'attempt refused': EMPTY,
    'fate of the attempt unknown': EMPTY,
    'retry by an operator': { then: 'SENDING', note: 'another round' },
  },
  REVOKED: {
    ...nothingOwed,
    'attempt accepted': [
      {
        when: 'it was not announced',
        then: NO_CHANGE,
        emits: {
          type: 'OrderCompletedNotificationSentEvent',
          uncertain: false,
          causedBy: 'InventoryReservedEvent',
        },
      },
      { when: 'it was announced as uncertain', then: NO_CHANGE },
    ],
  },
} as const satisfies DecisionTable<
  'NOTHING' | 'SENDING' | 'SENT' | 'FAILED' | 'REVOKED',
  | 'InventoryReservedEvent'
  | 'PaymentCancelledEvent'
  | 'attempt accepted'
  | 'attempt refused'
  | 'fate of the attempt unknown'
  | 'retry by an operator'
>;
