/** A way in which an event can come, whatever its type, and what becomes of it. */
export interface EventVariant {
  readonly comes: string;
  readonly becomes: string;
}

/**
 * Beside the state that an event finds, it matters how it comes: these are all the ways. A test is made of each,
 * for every event and every service that the catalogue addresses it to.
 */
export const eventVariants = {
  first: {
    comes: 'for the first time, when it is waited for',
    becomes: 'applied as the table of the service says',
  },
  repeated: {
    comes: 'again, exactly as it was',
    becomes: 'dropped, and counted as a repeat; what was published stays published once',
  },
  altered: {
    comes: 'again, with other content under the same id',
    becomes: 'quarantined as OTHER_CONTENT; the first one stands',
  },
  early: {
    comes: 'before everything that should have come first',
    becomes: 'applied as the table says of the first state: a tombstone, a jump (R10), or nothing',
  },
  'after the participant has closed': {
    comes: 'when the participant has nothing left to wait for and has closed',
    becomes: 'a new run applies it as the table says: the row is the last word (R5)',
  },
  'after Temporal has forgotten': {
    comes: 'when the closed workflow has been deleted, as by retention',
    becomes: 'the same as if it was still there',
  },
  'of an unknown order': {
    comes: 'for an order that nobody has placed',
    becomes: 'quarantined as NOT_IN_JOURNAL; the run that it started closes',
  },
  'written by another service': {
    comes: 'from the journal, where another role than its publisher has written it',
    becomes: 'quarantined as WRONG_PUBLISHER',
  },
  'not addressed': {
    comes: 'to a service that the catalogue does not address it to',
    becomes: 'quarantined as NOT_ADDRESSED',
  },
} as const satisfies Readonly<Record<string, EventVariant>>;

export type EventVariantName = keyof typeof eventVariants;
