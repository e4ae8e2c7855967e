import type { EventType } from '../../schemas/catalogue.js';
import { limits } from '../../schemas/limits.js';
import type { AttentionCode, OrderStatus } from '../../schemas/order-status.js';
import type { Reason } from '../../schemas/reasons.js';
import type { FeedData } from '../api/documents.js';
import type { Bounds } from '../orders/whole-number.js';
import type { Participants, Standing } from '../story/participants.js';
import type { WaitName } from '../story/waits.js';

/** The languages of the page, by their tags. */
export type Language = 'en' | 'ko';

const statuses: Readonly<Record<OrderStatus, string>> = {
  PENDING_PAYMENT: 'Waiting for payment',
  PAYMENT_FAILED: 'Payment failed',
  PAYMENT_COMPLETED: 'Paid',
  OUT_OF_STOCK: 'Out of stock',
  INVENTORY_RESERVED: 'Reserved',
  COMPLETED: 'Completed',
};

const reasons: Readonly<Record<string, string>> = {
  INSUFFICIENT_BALANCE: 'not enough money in the wallet',
  NO_WALLET: 'the customer has no wallet in this currency',
  PAYMENT_ERROR: 'payment failed with an error; nothing was charged',
  PAYMENT_TIMEOUT: 'no payment in time',
  ORDER_CANCELLED: 'the order was cancelled',
  OUT_OF_STOCK: 'not enough in stock',
  UNKNOWN_SKU: 'the warehouse does not know the product',
  INVENTORY_ERROR: 'reservation failed with an error; nothing was taken',
  INVENTORY_TIMEOUT: 'no reservation in time',
  SAGA_TIMEOUT: 'the whole order took too long',
} satisfies Partial<Record<Reason, string>>;

/** An event without an entry is put into plain words (`plainWords`), in every language. */
const events: Readonly<Record<string, string>> = {
  OrderCreatedEvent: 'Order created',
  PaymentCompletedEvent: 'Payment completed',
  PaymentFailedEvent: 'Payment failed',
  InventoryReservedEvent: 'Products reserved',
  InventoryReservationFailedEvent: 'Reservation failed',
  PaymentCancelledEvent: 'Payment refunded',
  OrderCompletedNotificationSentEvent: 'Customer notified',
  OrderCancelledEvent: 'Order cancelled',
  OrderCompletedNotificationFailedEvent: 'Customer not notified',
} satisfies Partial<Record<EventType, string>>;

const eventDescriptions: Readonly<Record<string, string>> = {
  OrderCreatedEvent: 'Order stored the order and now waits for the payment.',
  PaymentCompletedEvent: 'Payment took the money from the wallet and now waits for the reservation.',
  PaymentFailedEvent: 'Payment charged nothing and will not try again.',
  InventoryReservedEvent: 'Inventory reserved the products.',
  InventoryReservationFailedEvent: 'Inventory could not reserve the products and took none.',
  PaymentCancelledEvent: 'Payment gave the money back.',
  OrderCompletedNotificationSentEvent: 'Notification sent the customer a mail.',
  OrderCancelledEvent:
    'Order stopped waiting: Payment must not charge any more, and refunds what it has charged.',
  OrderCompletedNotificationFailedEvent: 'Notification has used up its attempts and waits for an operator.',
} satisfies Partial<Record<EventType, string>>;

const waits: Readonly<Record<WaitName, string>> = {
  payment: 'payment',
  saga: 'whole saga',
  reservation: 'reservation',
  'next attempt': 'next attempt',
};

const attentionCodes: Readonly<Record<AttentionCode | 'SIGNAL_QUARANTINED', string>> = {
  NOTIFICATION_FAILED: 'Customer could not be notified',
  NOTIFICATION_OVERDUE: 'Customer not notified in time',
  CUSTOMER_TOLD_THEN_REFUNDED: 'Notified, then refunded',
  STUCK: 'A service is stuck',
  SIGNAL_QUARANTINED: 'Signal refused',
};

const attentionHints: Readonly<Record<AttentionCode | 'SIGNAL_QUARANTINED', string>> = {
  NOTIFICATION_FAILED: 'All attempts are used up. Fix the address or the mail server, then retry.',
  NOTIFICATION_OVERDUE:
    'Paid and reserved, but the customer has not been notified yet. Check that Notification and the mail server are running; the order then completes by itself.',
  CUSTOMER_TOLD_THEN_REFUNDED:
    'The customer was told that all is well, then refunded. Contact the customer and put it right.',
  STUCK:
    'A service has left work unfinished, and waking it has not helped. Look at the participants in Temporal’s Web UI: a task or an activity fails there.',
  SIGNAL_QUARANTINED:
    'A service refused a signal. Find out why, fix the cause, then redeliver it. Dismiss what can never be an event.',
};

const quarantineReasons: Readonly<Record<string, string>> = {
  UNDECODABLE: 'cannot be decoded',
  UNKNOWN_EVENT: 'no such event',
  NOT_ONE_PAYLOAD: 'not exactly one payload',
  SCHEMA: 'breaks the schema',
  OTHER_SAGA: 'belongs to another order',
  NOT_IN_JOURNAL: 'not in the journal',
  OTHER_CONTENT: 'differs from the journal',
  WRONG_PUBLISHER: 'written by the wrong service',
  NOT_ADDRESSED: 'not meant for this service',
};

const participants: {
  readonly [Name in keyof Participants]: Readonly<Record<Participants[Name], string>>;
} = {
  order: { ...statuses, ACCEPTED: 'Accepted' },
  payment: {
    NOTHING: 'Not asked yet',
    CHARGED: 'Charged',
    CONFIRMED: 'Confirmed',
    DECLINED: 'Nothing charged',
    REFUNDED: 'Refunded',
  },
  inventory: {
    NOTHING: 'Not asked yet',
    NOT_NEEDED: 'Not needed',
    RESERVED: 'Reserved',
    REJECTED: 'Refused',
    RELEASED: 'Released',
  },
  notification: {
    NOTHING: 'Not asked yet',
    NOT_NEEDED: 'Not needed',
    SENDING: 'Sending',
    SENT: 'Sent',
    FAILED: 'Parked',
    REVOKED: 'Called off',
  },
};

/** Where a service that is not among `participants` stands before its first event. */
const otherParticipants: Readonly<Record<Standing, string>> = {
  NOTHING: 'Not asked yet',
  NOT_NEEDED: 'Not needed',
  ASKED: 'Asked',
};

const fates: Readonly<Record<NonNullable<FeedData['attempt']['fate']>, string>> = {
  ACCEPTED: 'accepted',
  REFUSED: 'refused',
  UNKNOWN: 'unknown outcome',
};

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
const and = new Intl.ListFormat('en', { type: 'conjunction' });

/** Every text of the page, in English. Another language is another object of this type. */
export const en = {
  tag: 'en' as Language,
  language: 'English',
  statuses,
  reasons,
  events,
  eventDescriptions,
  waits,
  attentionCodes,
  attentionHints,
  quarantineReasons,
  participants,
  otherParticipants,
  fates,

  shell: {
    name: 'Order saga',
    tagline: 'Many services, nobody in charge',
    skip: 'Skip to content',
    navigation: 'Views',
    switchLanguage: 'Language',
    theme: 'Colours',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    connections: {
      connecting: 'Connecting',
      live: 'Live',
      behind: 'Late: the database is waiting for an open transaction',
      lost: 'Connection lost, trying again',
    },
    needAPerson: (n: number) => `${count(n, 'thing needs', 'things need')} a person`,
    unknownView: 'There is nothing at this address.',
    toOrders: 'To the orders',
  },
  views: {
    orders: 'Orders',
    shop: 'Shop',
    mails: 'Mails',
    operators: 'Operators',
    monitoring: 'Monitoring',
    faults: 'Faults',
  },
  problem: {
    title: 'That did not work',
    noAnswer: 'No answer came',
    unreachable: 'The API cannot be reached.',
    again: 'Try again',
    /** For a malformed request with known fields. */
    malformed: (fields: readonly string[]) => `Please check: ${and.format(fields)}.`,
    types: {
      'malformed-request': 'The request is malformed.',
      'faults-not-allowed': 'This system was started without faults.',
      'not-found': 'There is nothing here.',
      'method-not-allowed': 'This method is not available here.',
      'notification-not-parked': 'Only a parked notification can be retried.',
      'quarantine-entry-not-waiting': 'The signal was already delivered or dismissed.',
      'orders-not-at-rest': 'Orders of this customer are still on their way.',
      'payload-too-large': 'The request is too large.',
      'host-not-allowed': 'The API is not served under this name.',
      'unsupported-media-type': 'The API does not accept this media type.',
      'unknown-customer': 'There is no such customer.',
      'unknown-product': 'There is no such product.',
      'no-items': 'An order needs at least one product.',
      'too-many-items': `An order can have at most ${limits.items.max} products.`,
      'duplicate-product': 'The same product appears twice. Raise its quantity instead.',
      'quantity-out-of-range': 'The quantity is too small or too large.',
      'amount-out-of-range': 'The amount is too small or too large.',
      'mixed-currencies': 'All products of an order must have the same currency.',
      'total-too-large': 'The total is too large.',
      'other-currency': 'The wallet holds another currency.',
      'idempotency-key-reused': 'This key was already used for a different request.',
      'event-still-invalid': 'The signal still fails the check.',
      'too-many-requests': 'Too many requests. Wait a moment.',
      'too-many-streams': 'Too many people are watching. Try again later.',
      'internal-error': 'Something went wrong on the server.',
      'outcome-unknown': 'It may have been done all the same. Try again: nothing is done twice.',
      unavailable: 'Part of the system is unreachable. Try again in a moment.',
    },
  },
  list: {
    more: 'Show more',
    loading: 'Loading',
  },
  time: {
    ago: (span: string) => `${span} ago`,
    /** As they follow a number. */
    units: { s: ' s', m: ' min', h: ' h', d: ' d' },
    overdue: 'overdue',
  },

  orders: {
    lead: (services: readonly string[]) =>
      `An order is a saga: ${and.format(services)} react to one another’s events until it is completed or undone. Place one and watch.`,
    presets: 'Three orders to try',
    preset: {
      completes: { title: 'It goes through', text: 'Alice buys a mouse.' },
      fails: { title: 'It cannot be paid', text: 'Bob has too little money.' },
      refunds: { title: 'It is undone', text: 'The figurine is sold out: Alice gets her money back.' },
    },
    form: {
      title: 'Place orders',
      customer: 'Customer',
      product: 'Product',
      quantity: 'Quantity',
      add: 'Add a product',
      remove: (product: string) => `Remove ${product}`,
      howMany: 'How many orders',
      wholeNumber: ({ min, max }: Bounds) => `A whole number from ${min} to ${max}.`,
      submit: (n: number) => (n === 1 ? 'Place the order' : `Place ${n} orders`),
      placing: (done: number, all: number) => `${done} of ${all} placed`,
      stop: 'Stop',
      placed: (n: number) => `${count(n, 'order', 'orders')} placed.`,
      watch: 'Watch it',
      total: 'Total',
      empty: 'The shop is empty. Start with demo data, or add customers and products through the API.',
    },
    list: 'All orders',
    newer: 'There are newer orders',
    filter: {
      title: 'Filter the list',
      search: 'Order id or customer',
      find: 'Find',
      notFindable: 'Type at least 4 characters of an order id, or a customer.',
      status: 'Status',
      anyStatus: 'Any status',
      anyFailure: 'Any failure',
      more: 'More filters',
      reason: 'Reason',
      anyReason: 'Any reason',
      from: 'Placed from',
      to: 'Placed before',
      attention: 'Needs a person',
      clear: 'Show all',
    },
    columns: {
      order: 'Order',
      items: 'Items',
      total: 'Total',
      status: 'Status',
      age: 'Age',
    },
    none: 'No orders yet.',
    noneHere: 'No matching orders.',
    quantityOf: (quantity: number, product: string) =>
      quantity === 1 ? product : `${quantity} × ${product}`,
    becomes: (order: string, status: string) => `Order ${order}: ${status}.`,
  },

  order: {
    title: (id: string) => `Order ${id}`,
    back: 'Back to the list',
    copy: 'Copy the whole id',
    copied: 'Copied',
    placed: 'Placed',
    customer: 'Customer',
    items: 'Items',
    total: 'Total',
    unknown: 'There is no order with this id.',
    mail: 'The mail',
    temporal: 'In Temporal’s Web UI',
    now: {
      PENDING_PAYMENT: 'Waiting for the payment.',
      PAYMENT_COMPLETED: 'Paid. Waiting for the reservation.',
      INVENTORY_RESERVED: 'Paid and reserved. The customer is being notified.',
      COMPLETED: 'Done: paid, reserved, and the customer has been notified.',
      PAYMENT_FAILED: (reason: string) => `Not paid: ${reason}. Nothing remains charged.`,
      OUT_OF_STOCK: (reason: string, isRefunded: boolean) =>
        `Undone: ${reason}. The money ${isRefunded ? 'was refunded' : 'is being refunded'}.`,
    },
    parked: 'Paid and reserved, but the customer could not be notified. Notification waits for an operator.',
    quarantined: (n: number) =>
      n === 1 ? 'A signal for this order was refused.' : `${n} signals for this order were refused.`,
    toOperators: 'Go to Operators',
  },

  choreography: {
    title: 'The choreography',
    lead: 'Time runs downwards. An arrow is an event, from its publisher to its subscribers.',
    diagram: (order: string) => `Diagram of order ${order}. The list “What happened” says the same in words.`,
    list: 'What happened',
    listLead: 'Choose an entry to see its payload and its cause.',
    nothing:
      'Nothing here. The first event will arrive in a moment, or the order is so old that its events are forgotten.',
    now: 'now',
    deadline: (wait: string) => `${wait} due`,
    waitElapsed: (elapsed: string) => `for ${elapsed}`,
    arrow: (from: string, to: readonly string[]) => (to.length === 0 ? from : `${from} to ${and.format(to)}`),
    notDelivered: 'on its way',
    deliveredAfter: (span: string) => `delivered after ${span}`,
    status: (status: string, reason: string | undefined) =>
      reason === undefined ? `Order is now: ${status}` : `Order is now: ${status} (${reason})`,
    attempt: (number: number, fate: string | undefined) =>
      fate === undefined ? `Attempt ${number} to send the mail` : `Attempt ${number}: ${fate}`,
    parked: 'Parked: waiting for an operator',
    revoked: 'Called off: the order was cancelled',
    repeat: (times: number) => `Duplicate, dropped${times === 1 ? '' : ` ${times} times`}`,
    late: (times: number) => `Late, no effect${times === 1 ? '' : ` (${times} times)`}`,
    dropOf: (event: string) => `The event was “${event}”.`,
    quarantined: (signal: string, reason: string) => `${signal} refused: ${reason}`,
    refused: 'Refused a signal',
    attention: (what: string) => `Needs a person: ${what}`,
    attentionCleared: 'Resolved since.',
    operator: (who: string, what: string) => `${who}: ${what}`,
    legend: {
      title: 'How to read it',
      forward: 'progress',
      failure: 'failure',
      compensation: 'compensation',
      onItsWay: 'on its way',
      wait: 'a wait, with its deadline',
      dropped: 'duplicate or late, dropped',
      quarantined: 'refused',
    },
  },
  replay: {
    title: 'Replay',
    play: 'Replay',
    pause: 'Pause',
    resume: 'Resume',
    live: 'Back to live',
    speed: 'Speed',
    position: 'Position',
  },
  details: {
    close: 'Close',
    at: 'Time',
    subscribers: 'Route',
    delivery: 'Delivery',
    type: 'Event',
    cause: 'Caused by',
    noCause: 'The customer’s order',
    unknownCause: 'An unknown event',
    effects: 'Led to',
    nothingYet: 'Nothing',
    payload: 'Payload',
    openQuarantine: 'Open in quarantine',
  },

  shop: {
    lead: 'What customers can buy, and the money they have. The next order sees every change.',
    products: 'Products',
    customers: 'Customers',
    available: 'Available',
    reserved: 'Reserved',
    restock: 'Restock',
    pieces: 'Pieces',
    restocked: (product: string, available: string) => `${product}: ${available} available.`,
    balance: 'In the wallet',
    noWallet: 'No wallet',
    noStock: 'None',
    deposit: 'Deposit',
    amount: (currency: string) => `Amount in ${currency}`,
    inSteps: (least: string) => `At least ${least}, in steps of ${least}.`,
    deposited: (customer: string, balance: string) => `${customer} has ${balance}.`,
    of: (name: string) => `for ${name}`,
    none: 'Nothing here yet.',
  },

  mails: {
    lead: 'The mails to the customers. The mail catcher keeps them all and delivers none.',
    ofOrder: (order: string) => `For order ${order}`,
    all: 'All mails',
    to: 'To',
    none: 'No mails yet.',
    noneOfOrder: 'No mail for this order.',
    noneFound: 'No matching mails.',
    search: 'Address or order id',
    noCatcher:
      'This system uses a real mail server, so there is nothing to see here. With npm start, mails are caught instead.',
    openOrder: 'Open the order',
  },

  operators: {
    lead: 'What needs a person, what was refused, and who did what.',
    attention: 'Needs a person',
    noAttention: 'Nothing needs a person.',
    quarantine: 'Quarantine',
    quarantineLead: 'Signals that a service refused. A refused signal changes nothing.',
    noQuarantine: 'Nothing was refused.',
    states: { WAITING: 'Waiting', REDRIVEN: 'Delivered', DISMISSED: 'Dismissed' },
    seen: (n: number) => `Seen ${count(n, 'time', 'times')}`,
    record: 'Who did what',
    noRecord: 'Nobody has done anything yet.',
    retry: 'Notify the customer again',
    redrive: 'Redeliver it',
    dismiss: 'Dismiss it',
    look: 'View',
    detail: {
      title: (id: number) => `Quarantined signal ${id}`,
      workflow: 'Workflow',
      reason: 'Refused because',
      publishedBy: 'Who wrote the journal’s event with this id',
      nobody: 'The journal has no event with this id.',
      body: 'Payload',
      cut: 'Only the beginning was stored.',
      redrives: 'Attempts',
      close: 'Close',
    },
    confirm: {
      retry: 'Start another round of attempts to notify the customer?',
      redrive: 'Check the signal again, and deliver it if it passes?',
      dismiss: 'Dismiss this signal without further action?',
      fault: (service: string, mode: string) => `Change the faults of ${service} to: ${mode}?`,
      name: 'Your name',
      nameHint: 'It is recorded, but not verified.',
      nameMissing: `Enter a name of at most ${limits.operator.max} characters.`,
      yes: 'Yes, do it',
      no: 'Cancel',
    },
    done: {
      retry: 'A new round has started.',
      redrive: 'The signal passed and was delivered.',
      dismiss: 'The signal was dismissed.',
      fault: 'Changed.',
    },
    actions: {
      NOTIFICATION_RETRY: 'asked to notify the customer again',
      REDRIVE: 'asked to redeliver a refused signal',
      DISMISSAL: 'asked to dismiss a refused signal',
    } as Readonly<Record<string, string>>,
    outcomes: {
      ACCEPTED: 'accepted',
      DELIVERED: 'delivered',
      DISMISSED: 'dismissed',
      STILL_INVALID: 'still refused',
      NOT_WAITING: 'was already handled',
      NOT_DELIVERED: 'not delivered',
      NOT_PARKED: 'was not parked',
      NO_ANSWER: 'no answer',
    } as Readonly<Record<string, string>>,
  },

  monitoring: {
    lead: 'Computed from the order history and the event journal: retries and duplicates count once, and a restart loses nothing.',
    window: 'Time window',
    windows: {
      15: 'Last 15 minutes',
      60: 'Last hour',
      360: 'Last 6 hours',
      1440: 'Last day',
      10080: 'Last week',
    },
    created: 'Orders placed',
    final: (n: string) => `${n} of them final`,
    completionRate: 'Completed, of the final orders',
    compensations: 'Undone',
    compensationRate: (rate: string, paid: string) => `${rate} of the ${paid} that were paid`,
    oldestOpen: 'Oldest open order',
    noneOpen: 'None open',
    attention: 'Need a person',
    quarantined: 'Refused signals',
    duplicates: 'Duplicates dropped',
    withoutEffect: (n: string) => `${n} others had no effect, mostly late ones`,
    reversals: 'Notified or reserved, then refunded',
    overTime: 'Orders over time',
    time: 'Time',
    from: 'From',
    inNumbers: 'Show the numbers',
    steps: 'Time per step',
    stepsLead:
      'Half of the orders are faster than the first mark (p50), and 95 % are faster than the second (p95).',
    failures: 'Causes of failure',
    timeouts: 'Timeouts',
    byStatus: 'Orders by status',
    attentionByCode: 'Why orders need a person now',
    noFailures: 'No orders failed in this window.',
    noTimeouts: 'No wait timed out in this window.',
    noOrders: 'No orders in this window.',
    step: 'Step',
    count: 'Orders',
    p50: 'p50',
    p95: 'p95',
    series: { created: 'placed', completed: 'completed', failed: 'failed', refunded: 'refunded' },
    stepNames: {
      createdToPaid: 'Placed to paid',
      paidToReserved: 'Paid to reserved',
      reservedToTold: 'Reserved to notified',
      toldToCompleted: 'Notified to completed',
      paidToRefunded: 'Paid to refunded',
      cancelledToRefunded: 'Cancelled to refunded',
    } as Readonly<Record<string, string>>,
    refresh: 'Refreshed every 10 seconds',
  },

  faults: {
    lead: 'Break things on purpose, and watch the other services cope. All faults are off until somebody switches them on, and every change is recorded with a name.',
    off: 'This system was started without faults, so the switches are locked. To unlock them, start it with',
    charge: 'Charging',
    reserve: 'Reserving',
    mail: 'Mail server',
    deliveries: 'Delivery of its events',
    modes: {
      NORMAL: { name: 'Normal', text: 'Everything works.' },
      DECLINE: {
        name: 'Declines',
        text: 'Every charge is declined for lack of money: orders end as “payment failed”.',
      },
      ERROR: {
        name: 'Fails',
        text: 'The step throws an error. It is rolled back, and the order fails.',
      },
      HANG: {
        name: 'Hangs',
        text: 'The step does not respond. Once it times out, it counts as failed.',
      },
      DOWN: {
        name: 'Down',
        text: 'No mail goes out. Notification retries, then parks the order for an operator.',
      },
      REFUSE: {
        name: 'Refuses',
        text: 'The first attempts of each order are refused; a later one gets through.',
      },
    },
    refusals: 'Attempts refused',
    duplicate: 'Duplicated',
    duplicateText: 'An event arrives twice. The duplicate is dropped and counted.',
    delay: 'Delayed',
    delayText: 'An event is delivered late.',
    reorder: 'Reordered',
    reorderText: 'A later event arrives first. The service handles it when its turn comes.',
    maxDelay: 'Longest delay, in ms',
    apply: 'Apply',
    reset: 'All normal',
    never: 'Never changed',
    record: 'Who switched what',
    noRecord: 'Nobody has switched anything yet.',
    banner: 'Faults are switched on.',
    toSwitches: 'To the switches',
    allNormal: 'all normal',
    chances: (duplicated: string, delayed: string, reordered: string) =>
      `duplicated ${duplicated}, delayed ${delayed}, reordered ${reordered}`,
    on: 'on',
  },
};

export type Texts = typeof en;
