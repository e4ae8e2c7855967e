import type { EventType } from '../../schemas/catalogue.js';
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
  PAYMENT_ERROR: 'the payment broke off, and nothing was charged',
  PAYMENT_TIMEOUT: 'no payment in time',
  ORDER_CANCELLED: 'the order was cancelled',
  OUT_OF_STOCK: 'not enough in stock',
  UNKNOWN_SKU: 'the warehouse does not know the product',
  INVENTORY_ERROR: 'the reservation broke off, and nothing was taken',
  INVENTORY_TIMEOUT: 'no reservation in time',
  SAGA_TIMEOUT: 'the whole order took too long',
} satisfies Partial<Record<Reason, string>>;

/** An event without an entry is said in plain words (`plainWords`), in every language. */
const events: Readonly<Record<string, string>> = {
  OrderCreatedEvent: 'Order created',
  PaymentCompletedEvent: 'Payment completed',
  PaymentFailedEvent: 'Payment failed',
  InventoryReservedEvent: 'Products reserved',
  InventoryReservationFailedEvent: 'Reservation failed',
  PaymentCancelledEvent: 'Payment refunded',
  OrderCompletedNotificationSentEvent: 'Customer told',
  OrderCancelledEvent: 'Order cancelled',
  OrderCompletedNotificationFailedEvent: 'Customer not told',
} satisfies Partial<Record<EventType, string>>;

const eventStories: Readonly<Record<string, string>> = {
  OrderCreatedEvent: 'Order stored the order, and now waits for its payment.',
  PaymentCompletedEvent: 'Payment took the money from the wallet, and now waits for the reservation.',
  PaymentFailedEvent: 'Payment took nothing, and will not try again.',
  InventoryReservedEvent: 'Inventory set the products aside.',
  InventoryReservationFailedEvent: 'Inventory could not set the products aside, and took none.',
  PaymentCancelledEvent: 'Payment gave the money back.',
  OrderCompletedNotificationSentEvent: 'Notification told the customer by mail.',
  OrderCancelledEvent: 'Order gave up waiting: charge no more, refund what was charged.',
  OrderCompletedNotificationFailedEvent: 'Notification used up its attempts and waits for an operator.',
} satisfies Partial<Record<EventType, string>>;

const waits: Readonly<Record<WaitName, string>> = {
  payment: 'payment',
  saga: 'whole saga',
  reservation: 'reservation',
  'next attempt': 'next attempt',
};

const attentionCodes: Readonly<Record<AttentionCode | 'SIGNAL_QUARANTINED', string>> = {
  NOTIFICATION_FAILED: 'Customer could not be told',
  NOTIFICATION_OVERDUE: 'Customer not told in time',
  CUSTOMER_TOLD_THEN_REFUNDED: 'Told, then refunded',
  SIGNAL_QUARANTINED: 'Signal refused',
};

const attentionHints: Readonly<Record<AttentionCode | 'SIGNAL_QUARANTINED', string>> = {
  NOTIFICATION_FAILED: 'All attempts are used up. Repair the address or the mail server, then try again.',
  NOTIFICATION_OVERDUE:
    'Paid and reserved, but not told yet. Check that Notification and the mail server are running; it then completes by itself.',
  CUSTOMER_TOLD_THEN_REFUNDED:
    'The customer heard that all is well, and was refunded. Contact the customer and put it right.',
  SIGNAL_QUARANTINED:
    'A service refused a signal. Find out why. Once the cause is fixed, redeliver it; what will never be an event can be dismissed.',
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
    RESERVED: 'Set aside',
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

/** Where a service stands that is known by its events alone, before its first one. */
const otherParticipants: Readonly<Record<Standing, string>> = {
  NOTHING: 'Not asked yet',
  NOT_NEEDED: 'Not needed',
  ASKED: 'Asked',
};

const fates: Readonly<Record<NonNullable<FeedData['attempt']['fate']>, string>> = {
  ACCEPTED: 'accepted',
  REFUSED: 'refused',
  UNKNOWN: 'unknown fate',
};

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
const and = new Intl.ListFormat('en', { type: 'conjunction' });

/** Every word on the page, in English. A language is another object of this type. */
export const en = {
  tag: 'en' as Language,
  language: 'English',
  statuses,
  reasons,
  events,
  eventStories,
  waits,
  attentionCodes,
  attentionHints,
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
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    connections: { connecting: 'Connecting', live: 'Live', lost: 'Connection lost, trying again' },
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
    unreachable: 'The API cannot be reached.',
    again: 'Try again',
    /** For a malformed request whose fields are known. */
    malformed: (fields: readonly string[]) => `Please check: ${and.format(fields)}.`,
    types: {
      'malformed-request': 'Something in the request is not as it has to be.',
      'faults-not-allowed': 'The system was not started with faults allowed.',
      'not-found': 'There is nothing here.',
      'method-not-allowed': 'This cannot be done here.',
      'notification-not-parked': 'Only a parked notification can be tried again.',
      'quarantine-entry-not-waiting': 'The signal was delivered, or dismissed, before.',
      'payload-too-large': 'The request is too large.',
      'unsupported-media-type': 'The API does not read requests of this kind.',
      'unknown-customer': 'There is no such customer.',
      'unknown-product': 'There is no such product.',
      'no-items': 'An order has at least one product.',
      'too-many-items': 'An order has at most 100 products.',
      'duplicate-product': 'The same product is there twice. Choose a larger quantity instead.',
      'quantity-out-of-range': 'The number is too small or too large.',
      'amount-out-of-range': 'The amount is too small.',
      'mixed-currencies': 'All products of an order have the same currency.',
      'total-too-large': 'The sum is more than can be counted exactly.',
      'other-currency': 'The wallet holds another currency.',
      'idempotency-key-reused': 'The same key was sent before, with another request.',
      'event-still-invalid': 'The signal is still not one that may be delivered.',
      'too-many-requests': 'That was too much at once. Wait a moment.',
      'too-many-streams': 'Too many people are watching. Try again later.',
      'internal-error': 'Something is wrong on the server.',
      unavailable: 'A part of the system cannot be reached just now. The same request can be repeated.',
    },
  },
  list: {
    more: 'Show more',
    loading: 'Loading',
  },
  time: {
    ago: (span: string) => `${span} ago`,
    units: { s: 's', m: 'min', h: 'h', d: 'd' },
    overdue: 'overdue',
  },

  orders: {
    lead: (services: readonly string[]) =>
      `An order is a saga: ${and.format(services)} react to one another’s events until it is completed or undone. Place one and watch.`,
    presets: 'Three orders to try',
    preset: {
      completes: { title: 'It goes through', text: 'Alice buys a mouse.' },
      fails: { title: 'It cannot be paid', text: 'Bob has too little money.' },
      refunds: { title: 'It is undone', text: 'A figurine is sold out, Alice gets her money back.' },
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
      placing: (done: number, all: number) => `Placing ${done} of ${all}`,
      placed: (n: number) => `${count(n, 'order', 'orders')} placed.`,
      watch: 'Watch it',
      total: 'Total',
      empty: 'The shop is empty. Start with demo data, or add customers and products over the API.',
    },
    list: 'All orders',
    filter: {
      title: 'Filter the list',
      status: 'Status',
      anyStatus: 'Any status',
      customer: 'Customer',
      anyCustomer: 'Anybody',
      search: 'Order id',
      searchHint: 'Whole id',
      open: 'Open',
      notAnId: 'An order id has 36 characters, such as 63ba0329-5022-4509-be45-2115a3f8b137.',
      clear: 'Show all',
    },
    columns: {
      order: 'Order',
      items: 'Items',
      total: 'Total',
      status: 'Status',
      age: 'Age',
    },
    none: 'No order yet.',
    noneHere: 'No order is like this.',
    quantityOf: (quantity: number, product: string) =>
      quantity === 1 ? product : `${quantity} × ${product}`,
    becomes: (order: string, status: string) => `Order ${order}: ${status}.`,
  },

  order: {
    title: (id: string) => `Order ${id}`,
    back: 'All orders',
    copy: 'Copy the whole id',
    copied: 'Copied',
    placed: 'Placed',
    customer: 'Customer',
    items: 'Items',
    total: 'Total',
    unknown: 'There is no order of this id.',
    mail: 'The mail',
    temporal: 'In Temporal’s Web UI',
    now: {
      PENDING_PAYMENT: 'Order waits for the payment.',
      PAYMENT_COMPLETED: 'The money is taken. Payment and Order wait for the products to be set aside.',
      INVENTORY_RESERVED: 'Paid and set aside. Notification tells the customer.',
      COMPLETED: 'Done: paid, set aside, and the customer knows.',
      PAYMENT_FAILED: (reason: string) => `Not paid: ${reason}. Nothing stays charged.`,
      OUT_OF_STOCK: (reason: string, isRefunded: boolean) =>
        `Undone: ${reason}. The money ${isRefunded ? 'is back' : 'goes back'}.`,
    },
    parked: 'Paid and set aside, but the customer could not be told. Notification waits for an operator.',
    toOperators: 'To the operators’ desk',
  },

  choreography: {
    title: 'The choreography',
    lead: 'Time runs downwards. An arrow is an event, from the service that published it to those that listen.',
    diagram: (order: string) =>
      `Diagram of order ${order}. The list “What happened” tells the same in words.`,
    list: 'What happened',
    listLead: 'Choose an entry to see what it carried and what caused it.',
    nothing: 'Nothing yet. The first event arrives in a moment.',
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
    parked: 'Parked: waits for an operator',
    revoked: 'Called off: the order was cancelled',
    repeat: (times: number) => `Came again, dropped${times === 1 ? '' : ` ${times} times`}`,
    late: (times: number) => `Came late, changed nothing${times === 1 ? '' : ` (${times} times)`}`,
    dropOf: (event: string) => `It was “${event}”.`,
    quarantined: (signal: string, reason: string) => `${signal} refused: ${reason}`,
    refused: 'Refused a signal',
    attention: (what: string) => `Needs a person: ${what}`,
    attentionCleared: 'Settled since.',
    operator: (who: string, what: string) => `${who}: ${what}`,
    legend: {
      title: 'How to read it',
      forward: 'goes on',
      failure: 'could not be done',
      compensation: 'is undone',
      onItsWay: 'on its way',
      wait: 'a wait, up to its deadline',
      dropped: 'repeat or late, dropped',
      quarantined: 'refused',
    },
  },
  replay: {
    title: 'Replay',
    play: 'Replay',
    pause: 'Pause',
    resume: 'Go on',
    live: 'Back to now',
    speed: 'Speed',
    position: 'Position in the story',
  },
  details: {
    close: 'Close',
    at: 'Happened',
    subscribers: 'Goes to',
    delivery: 'Delivery',
    type: 'Event',
    cause: 'Caused by',
    noCause: 'The customer’s order itself',
    unknownCause: 'An event that this page does not know',
    effects: 'Led to',
    nothingYet: 'Nothing',
    payload: 'What it carried',
    openQuarantine: 'Look at it in quarantine',
  },

  shop: {
    lead: 'What can be bought, and with whose money. Change either, and the next order notices.',
    products: 'Products',
    customers: 'Customers',
    available: 'Available',
    reserved: 'Set aside',
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
    lead: 'What the customers were told. The mail catcher keeps every mail and delivers none.',
    ofOrder: (order: string) => `Of order ${order}`,
    all: 'All mails',
    to: 'To',
    none: 'No mail was caught yet.',
    noneOfOrder: 'No mail for this order.',
    noneFound: 'No mail is like this.',
    search: 'Address or order id',
    noCatcher:
      'Mails go to a real mail server here, so there is nothing to see. With npm start they are caught instead.',
    openOrder: 'Its order',
  },

  operators: {
    lead: 'What needs a person, what was refused, and who did what.',
    attention: 'Needs a person',
    noAttention: 'Nothing needs a person.',
    quarantine: 'Quarantine',
    quarantineLead: 'Signals that a service refused. A refused signal changes nothing.',
    noQuarantine: 'Nothing was refused.',
    states: { WAITING: 'Waits', REDRIVEN: 'Delivered', DISMISSED: 'Dismissed' },
    seen: (n: number) => `Seen ${count(n, 'time', 'times')}`,
    record: 'Who did what',
    noRecord: 'Nobody has done anything yet.',
    retry: 'Tell the customer again',
    redrive: 'Deliver it after all',
    dismiss: 'Dismiss it',
    look: 'Look at it',
    detail: {
      title: (id: number) => `Quarantined signal ${id}`,
      workflow: 'Workflow',
      reason: 'Refused because',
      publishedBy: 'The journal’s event of this id was written by',
      nobody: 'The journal holds no event of this id.',
      body: 'What it carried',
      cut: 'Only the beginning was kept.',
      redrives: 'Tried',
      close: 'Close',
    },
    confirm: {
      retry: 'Start another round of attempts to tell the customer?',
      redrive: 'Check the signal again, and deliver it if it passes?',
      dismiss: 'Is there nothing to do about this signal?',
      fault: 'Change what goes wrong on purpose?',
      name: 'Your name',
      nameHint: 'It goes on the record. Nobody checks it.',
      nameMissing: 'A name is needed, of at most 100 characters.',
      yes: 'Yes, do it',
      no: 'Cancel',
    },
    done: {
      retry: 'Another round has begun.',
      redrive: 'It passed, and was delivered.',
      dismiss: 'It needs nobody any more.',
      fault: 'Changed.',
    },
    actions: {
      NOTIFICATION_RETRY: 'asked to tell the customer again',
      REDRIVE: 'asked to deliver a refused signal',
      DISMISSAL: 'asked to dismiss a refused signal',
    } as Readonly<Record<string, string>>,
    outcomes: {
      ACCEPTED: 'accepted',
      DELIVERED: 'delivered',
      DISMISSED: 'dismissed',
      STILL_INVALID: 'still refused',
      NOT_WAITING: 'was settled before',
      NOT_DELIVERED: 'not delivered',
      NOT_PARKED: 'was not parked',
      NO_ANSWER: 'no answer',
    } as Readonly<Record<string, string>>,
  },

  monitoring: {
    lead: 'Computed from the orders’ history and the journal of events: retries and repeats count once, a restart forgets nothing.',
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
    completionRate: 'Completed, of those that are final',
    compensations: 'Undone',
    compensationRate: (rate: string, paid: string) => `${rate} of the ${paid} that were paid`,
    oldestOpen: 'Oldest order not final',
    noneOpen: 'None open',
    attention: 'Need a person',
    quarantined: 'Refused signals',
    duplicates: 'Repeats dropped',
    withoutEffect: (n: string) => `${n} others changed nothing, mostly late`,
    reversals: 'Told or reserved, then refunded',
    overTime: 'Orders over time',
    time: 'Time',
    from: 'From',
    inNumbers: 'The same in numbers',
    steps: 'Time per step',
    stepsLead: 'Half of the orders are faster than the first mark (p50), 95 of 100 than the second (p95).',
    failures: 'Causes of failure',
    timeouts: 'Waits that ran out',
    byStatus: 'Where the orders stand',
    attentionByCode: 'Why a person is needed now',
    noFailures: 'No order failed in this window.',
    noTimeouts: 'No wait ran out in this window.',
    noOrders: 'No order in this window.',
    step: 'Step',
    count: 'Orders',
    p50: 'p50',
    p95: 'p95',
    series: { created: 'placed', completed: 'completed', failed: 'failed', refunded: 'refunded' },
    stepNames: {
      createdToPaid: 'Placed to paid',
      paidToReserved: 'Paid to reserved',
      reservedToTold: 'Reserved to told',
      toldToCompleted: 'Told to completed',
      paidToRefunded: 'Paid to refunded',
      cancelledToRefunded: 'Cancelled to refunded',
    } as Readonly<Record<string, string>>,
    refresh: 'Refreshed every 10 seconds',
  },

  faults: {
    lead: 'Break things on purpose, and watch the others cope. Off until somebody switches them on; every change is recorded with a name.',
    off: 'Faults are not allowed in this run, so the switches cannot be moved. To allow them, start with',
    charge: 'Charging',
    reserve: 'Reserving',
    mail: 'Mail server',
    deliveries: 'Deliveries of its events',
    modes: {
      NORMAL: { name: 'Normal', text: 'All is well.' },
      DECLINE: {
        name: 'Declines',
        text: 'Every charge is refused for want of money: orders end as “payment failed”.',
      },
      ERROR: {
        name: 'Breaks',
        text: 'The step breaks off. Nothing stays half done: it is undone, and the order fails.',
      },
      HANG: {
        name: 'Hangs',
        text: 'The step does not answer. It is given up as if it had broken, once its time is over.',
      },
      DOWN: {
        name: 'Down',
        text: 'No mail goes out: Notification tries again, then parks the order for an operator.',
      },
      REFUSE: {
        name: 'Refuses',
        text: 'The first attempts of each order are refused, a later one gets through.',
      },
    },
    refusals: 'Attempts refused',
    duplicate: 'Twice',
    duplicateText: 'An event arrives again: the repeat is dropped and counted.',
    delay: 'Late',
    delayText: 'An event waits before it is delivered.',
    reorder: 'Overtaken',
    reorderText: 'An event lets later ones pass: it is kept until it is its turn.',
    maxDelay: 'At most, in ms',
    apply: 'Apply',
    reset: 'All normal',
    never: 'Never changed',
    record: 'Who switched what',
    noRecord: 'Nobody has switched anything yet.',
    allNormal: 'all normal',
    chances: (twice: string, late: string, overtaken: string) =>
      `twice ${twice}, late ${late}, overtaken ${overtaken}`,
    on: 'on',
  },
};

export type Texts = typeof en;
