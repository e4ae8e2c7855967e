import { fileURLToPath } from 'node:url';

/** A file of `certificates/`: an authority, and what it signed for the server `temporal.test` and for a client. */
export const certificate = (name: string): string =>
  fileURLToPath(new URL(`certificates/${name}`, import.meta.url));
