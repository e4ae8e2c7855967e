import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files of a fifth service, at their places below the project's folder. */
const newFilesFolder = fileURLToPath(new URL('./files', import.meta.url));

/** One line that a file of the project gets, or that takes another's place. */
export interface ChangedLine {
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

const after = (file: string, line: string, added: string): ChangedLine => ({
  file,
  find: `${line}\n`,
  replace: `${line}\n${added}\n`,
});

const before = (file: string, following: string, added: string): ChangedLine => ({
  file,
  find: following,
  replace: `${added}\n${following}`,
});

const catalogue = 'schemas/catalogue.ts';
const participants = 'workflows/participants.ts';
const tables = 'schemas/decision-tables/decision-tables.ts';
const simulation = 'simulation/services.ts';

/** Every line that changes by hand; `npm run generate` does the rest. docs/tutorial-fifth-service.md explains them. */
export const changedLines: readonly ChangedLine[] = [
  {
    file: 'schemas/services.ts',
    find: `export const services = ['order', 'payment', 'inventory', 'notification'] as const;`,
    replace: `export const services = ['order', 'payment', 'inventory', 'notification', 'shipping'] as const;`,
  },
  after(catalogue, `      { service: 'notification' },`, `      { service: 'shipping' },`),
  before(
    catalogue,
    `      { service: 'order' },\n    ],\n  },\n  OrderCompletedNotificationSentEvent`,
    `      { service: 'shipping', unlessCausedBy: 'InventoryReservationFailedEvent' },`,
  ),
  before(
    catalogue,
    `} as const satisfies Catalogue`,
    `  ShipmentBookedEvent: { version: 1, publisher: 'shipping', subscribers: [], why: 'a carrier comes' },`,
  ),
  after(
    'workers/services.ts',
    `  notification: () => import('./notification.js'),`,
    `  shipping: () => import('./shipping.js'),`,
  ),
  after(participants, `import { payment } from './payment.js';`, `import { shipping } from './shipping.js';`),
  after(participants, `  notification,`, `  shipping,`),
  before(
    'workflows/index.ts',
    `export const notification =`,
    `export const shipping = hosted(choreography, 'shipping', participants.shipping);`,
  ),
  after(
    tables,
    `import { paymentTable } from './payment-table.js';`,
    `import { shippingTable } from './shipping-table.js';`,
  ),
  after(tables, `  notification: notificationTable,`, `  shipping: shippingTable,`),
  after(
    simulation,
    `import { createPaymentEffects } from '../activities/payment.js';`,
    `import { createShippingEffects, decideShipping } from '../activities/shipping.js';`,
  ),
  after(
    simulation,
    `  notification: { effects: notify, decide: decideNotification, dueAt: notificationDueAt, isParked },`,
    `  shipping: withRowOnly('shipping', createShippingEffects, decideShipping),`,
  ),
];

/** The new files, relative to the project's folder. */
export async function newFiles(): Promise<readonly string[]> {
  const entries = await readdir(newFilesFolder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(newFilesFolder, path.join(parentPath, name)))
    .sort();
}

/** Adds the fifth service to a copy of the project. Throws where a line no longer fits its file. */
export async function addFifthService(project: string): Promise<void> {
  await cp(newFilesFolder, project, { recursive: true });
  for (const { file, find, replace } of changedLines) {
    const text = await readFile(path.join(project, file), 'utf8');
    if (text.split(find).length !== 2) throw new Error(`${file}: expected to find once: ${find}`);
    await writeFile(
      path.join(project, file),
      text.replace(find, () => replace),
    );
  }
}
