import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadSchema, newestSchemas } from '../../schemas/registry.js';
import { type AvroType } from '../../core/avro/avro-schemas.js';
import { catalogue, eventTypes } from '../../schemas/catalogue.js';
import {
  cancellationReasons,
  paymentFailureReasons,
  refundReasons,
  reservationFailureReasons,
} from '../../schemas/reasons.js';

const commonFields = ['eventId', 'version', 'orderId', 'correlationId', 'causationId', 'occurredAt'];

function symbolsOf(type: AvroType | undefined): readonly string[] {
  if (typeof type !== 'object' || !('symbols' in type)) throw new Error('not an enum');
  return type.symbols;
}

describe('the Avro schemas', () => {
  it('are exactly the versions that the catalogue has', () => {
    const expected = eventTypes.flatMap((type) =>
      Array.from({ length: catalogue[type].version }, (_, index) => `${type}.v${index + 1}.avsc`),
    );
    expect(
      readdirSync('schemas/avro')
        .filter((file) => file.endsWith('.avsc'))
        .sort(),
    ).toEqual(expected.sort());
  });

  it.each(eventTypes)('%s is named after its file and begins with the common fields', (type) => {
    const { name, fields } = loadSchema(type, catalogue[type].version);
    expect(name).toBe(type);
    expect(fields.slice(0, commonFields.length).map((field) => field.name)).toEqual(commonFields);
  });

  it('describe every field in English and Korean', () => {
    for (const { name, fields } of newestSchemas())
      for (const { name: field, doc, ko } of fields) {
        expect(doc, `${name}.${field}`).toMatch(/^[A-Z].*\.$/);
        expect(ko, `${name}.${field}`).toMatch(/[가-힣]/);
      }
  });

  it.each([
    ['PaymentFailedEvent', paymentFailureReasons],
    ['InventoryReservationFailedEvent', reservationFailureReasons],
    ['PaymentCancelledEvent', refundReasons],
    ['OrderCancelledEvent', cancellationReasons],
  ] as const)('%s knows exactly its reasons', (type, reasons) => {
    const { fields } = loadSchema(type, catalogue[type].version);
    expect(symbolsOf(fields.find(({ name }) => name === 'reason')?.type)).toEqual(reasons);
  });
});
