import type { Texts } from './en.js';

/** Looks up what the API names. A release newer than the page may name more: that is then said in plain words. */
const lookUp = (names: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(names, name) ? (names[name] ?? name) : plainWords(name);

export const eventName = (type: string, texts: Texts): string => lookUp(texts.events, type);

export const reasonText = (reason: string, texts: Texts): string => lookUp(texts.reasons, reason);

/** `ShipmentBookedEvent` is "Shipment booked", and `CARRIER_DOWN` is "carrier down". */
export function plainWords(name: string): string {
  if (/^[A-Z\d_]+$/.test(name)) return name.toLowerCase().replaceAll('_', ' ');
  const words = name
    .replace(/Event$/, '')
    .replaceAll(/[-_]/g, ' ')
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
