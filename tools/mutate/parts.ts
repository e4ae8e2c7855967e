/** What is mutated in one go, and the tests that have to notice. */
export interface Part {
  /** Files, from the project's root. */
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** The tests need PostgreSQL and Temporal. */
  readonly needsServers?: true;
  /** Texts are mutated as well: they are SQL, which no type checks. */
  readonly isSql?: true;
}

const runtime = (name: string) => `core/workflow/${name}.ts`;

/**
 * Small enough that a part takes minutes. What runs only inside Temporal's workflow sandbox is not here: Stryker cannot
 * reach in there to switch a mutant on.
 */
export const parts = {
  rules: {
    mutate: ['core/activity/decision.ts', 'activities/*-rules.ts'],
    tests: ['tests/decisions/*-rules.unit.test.ts'],
  },
  mailbox: {
    mutate: ['mailbox', 'waiting-events', 'payload-converter', 'signal-names'].map(runtime),
    tests: ['tests/core/{mailbox,mailbox-floods,payload-converter,signal-names,bounds}.unit.test.ts'],
  },
  hosting: {
    mutate: ['context', 'runtime', 'retry-gate', 'effect-result', 'interrupted'].map(runtime),
    tests: [
      'tests/core/{receive,context,effect-result}.unit.test.ts',
      'tests/workflows/retry-gate.unit.test.ts',
      'tests/examples/hello-simulation.unit.test.ts',
    ],
  },
  participants: {
    mutate: ['workflows/{order,payment,inventory,notification}.ts'],
    tests: ['tests/workflows/participants.unit.test.ts'],
  },
  consumer: {
    mutate: ['consumer', 'inspection', 'outbox', 'complete-event', 'begin'].map(
      (name) => `core/activity/${name}.ts`,
    ),
    tests: [
      'tests/core/{consumer,inspection,outbox,complete-event}.unit.test.ts',
      'tests/examples/begin-saga.unit.test.ts',
    ],
  },
  sweep: {
    mutate: ['core/sweep/*.ts', '!core/sweep/signals.ts'],
    tests: ['tests/core/{sweep,keep-sweeping}.unit.test.ts'],
  },
  stores: {
    mutate: [
      'db/*/{orders,order-row,order-record,place-order}.ts',
      'db/payment/{payments,payment-row,wallet-ledger}.ts',
      'db/inventory/{reservations,stock-ledger}.ts',
      'db/notification/{notifications,notification-row}.ts',
    ],
    tests: ['tests/db/{saved-rows,due-at,movements,place-order,order-lock}.{db,unit}.test.ts'],
    needsServers: true,
    isSql: true,
  },
  journal: {
    mutate: ['core/postgres/{store,journal,transaction}.ts'],
    tests: [
      'tests/db/{transaction,effect-time,own-rows,squatting,poison}.db.test.ts',
      'tests/core/rolling-release.db.test.ts',
      'tests/decisions/repeats.db.test.ts',
    ],
    needsServers: true,
    isSql: true,
  },
  waiting: {
    mutate: ['api/order/wait-until-final.ts', 'db/feed/wake-up.ts'],
    tests: ['tests/api/wait-until-final.unit.test.ts', 'tests/feed/wake-up.unit.test.ts'],
  },
  intake: {
    mutate: ['api/order/{order-id,place-order,price-order,post-order}.ts'],
    tests: [
      'tests/api/order-id.unit.test.ts',
      'tests/api/price-order.db.test.ts',
      'tests/api/{place-order,lost-answers,bad-input}.http.test.ts',
    ],
    needsServers: true,
  },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof parts;
