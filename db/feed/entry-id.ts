import type { EntryId } from '../../schemas/ids.js';

/** The two columns that order the feed: the number of the transaction, and a sequence number. */
export interface EntryPosition {
  /** PostgreSQL's xid8, a 64-bit number as text. */
  readonly writtenBy: string;
  readonly seq: number;
}

export const entryIdOf = ({ writtenBy, seq }: EntryPosition): EntryId =>
  `${BigInt(writtenBy).toString(16).padStart(16, '0')}-${seq.toString(16).padStart(12, '0')}` as EntryId;

/** Before the first entry. */
export const BEGINNING = entryIdOf({ writtenBy: '0', seq: 0 });

/** Whether a text has the form of an entry id; the entry may not exist. */
export const isEntryId = (text: string): text is EntryId => /^[\da-f]{16}-[\da-f]{12}$/.test(text);

export function positionOf(id: EntryId): EntryPosition {
  const [writtenBy = '', seq = ''] = id.split('-');
  return { writtenBy: BigInt(`0x${writtenBy}`).toString(), seq: Number.parseInt(seq, 16) };
}
