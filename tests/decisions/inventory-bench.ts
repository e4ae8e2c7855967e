import { createInventoryEffects } from '../../activities/inventory.js';
import type { ReservationRow } from '../../db/inventory/reservation-row.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { inventoryTable } from '../../schemas/decision-tables/inventory-table.js';
import type { Bench, TestedTable } from './bench.js';
import { ordered, piecesOrdered, type Scene } from './scene.js';

/** The row has these states and no others. */
inventoryTable satisfies Readonly<Record<ReservationRow['status'], unknown>>;

interface InventoryFacts {
  /** What the stock's ledger says is held for this order, in pieces of each product. */
  readonly reserved: Readonly<Record<string, number>>;
}

export const testedInventory: TestedTable<typeof inventoryTable, InventoryFacts> = {
  service: 'inventory',
  table: inventoryTable,
  bench: inventoryBench,
};

const pieceOf = (sku: string) => ({ sku, quantity: 1, unitPrice: { amount: 25_000, currency: 'KRW' } });

function inventoryBench(scene: Scene): Bench<typeof inventoryTable, InventoryFacts> {
  const { db, orderId, context } = scene;
  const effects = createInventoryEffects(inventoryStore(db.pools.inventory));
  let { items } = ordered;
  let delay = 0;
  let reservation: 'answers' | 'throws' | 'throws after its commit' = 'answers';

  const pay = async () => {
    const event = await scene.publish('PaymentCompletedEvent', { items });
    scene.pass(delay);
    if (reservation !== 'throws') await effects.reserve(context(), event);
    if (reservation !== 'answers') await effects.void(context(), event);
  };
  const cancel = async () => effects.release(context(), await scene.publish('PaymentCancelledEvent'));

  return {
    given: {
      'all pieces are there': () => undefined,
      'one product is short': () => (items = [...items, pieceOf('figurine')]),
      'one product is unknown': () => (items = [...items, pieceOf('unicorn')]),
      '`answerBy` is too near (R6)': () => (delay = 295_001),
      'the reservation threw and is not there': () => (reservation = 'throws'),
      'the reservation threw but had committed (R8)': () => (reservation = 'throws after its commit'),
    },
    arrive: {
      NOTHING: () => Promise.resolve(),
      RESERVED: pay,
      REJECTED: async () => {
        items = [pieceOf('figurine')];
        await pay();
      },
      RELEASED: async () => {
        await pay();
        await cancel();
      },
    },
    apply: { PaymentCompletedEvent: pay, PaymentCancelledEvent: cancel },
    look: () => effects.look(context(), null),
    facts: async () => {
      const { rows } = await db.owner.query<{ sku: string; reserved: string }>(
        `select sku, sum(reserved_change) as reserved from inventory.stock_ledger where order_id = $1
         group by sku having sum(reserved_change) <> 0`,
        [orderId],
      );
      return { reserved: Object.fromEntries(rows.map(({ sku, reserved }) => [sku, Number(reserved)])) };
    },
    expected: (_, __, state) => ({ reserved: state === 'RESERVED' ? piecesOrdered : {} }),
  };
}
