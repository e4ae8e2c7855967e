import type { EventType } from '../../schemas/catalogue.js';
import { NO_CHANGE, waysOf, type Cell, type Way } from '../../schemas/decision-tables/cell.js';
import { decisionTables } from '../../schemas/decision-tables/decision-tables.js';
import type { Service } from '../../schemas/services.js';
import { isEmpty } from './bench.js';

/** What a service's table says of one order after some events, for an order of which everything is there. */
export class TableReader {
  readonly service: Service;
  status: string;
  answers = 0;
  withoutEffect = 0;
  readonly #facts = new Set([
    'nobody was told',
    'the refund is not recorded',
    'the wallet holds the amount',
    'all pieces are there',
    'every attempt was refused',
  ]);

  constructor(service: Service, status: string) {
    this.service = service;
    this.status = status;
  }

  apply(type: EventType): void {
    const way = this.#wayOf(type);
    if (way.then !== NO_CHANGE) this.status = way.then;
    if (way.emits) this.answers++;
    if (isEmpty(way)) this.withoutEffect++;
    if (type === 'PaymentCancelledEvent') this.#facts.delete('the refund is not recorded');
    if (type === 'PaymentCancelledEvent') this.#facts.add('the refund is recorded');
  }

  #wayOf(type: EventType): Way<string> {
    const table: Readonly<Record<string, Readonly<Record<string, Cell<string>>>>> =
      decisionTables[this.service];
    const ways = waysOf(table[this.status]?.[type] ?? []);
    const way = ways.find(({ when }) => when === undefined || this.#facts.has(when));
    if (!way) throw new Error(`${this.service}: ${this.status} says nothing of ${type}`);
    return way;
  }
}
