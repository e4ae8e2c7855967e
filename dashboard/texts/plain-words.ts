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
