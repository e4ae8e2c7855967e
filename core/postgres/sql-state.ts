/** SQLSTATE: another transaction was in the way. Nothing is left of this one, which can be tried again. */
export const isConflict = (error: unknown): boolean =>
  hasState(error, SERIALIZATION_FAILURE) || hasState(error, DEADLOCK_DETECTED);

/** SQLSTATE: the server takes no writes, as a standby, or a primary after a failover to another server. */
export const isReadOnly = (error: unknown): error is Error => hasState(error, READ_ONLY);

/** Thrown by who asks before it writes; carries the state that PostgreSQL's own refusal has. */
export class ReadOnlyDatabase extends Error {
  override readonly name = 'ReadOnlyDatabase';
  readonly code = READ_ONLY;
  constructor() {
    super('the database is read-only');
  }
}

/**
 * SQLSTATE: a statement that was prepared by name is not in this session, is there from somebody else, or returns
 * something else since a migration. Nothing of it was done.
 */
export const isNameRefused = (error: unknown): boolean =>
  hasState(error, NO_SUCH_STATEMENT) ||
  hasState(error, STATEMENT_EXISTS) ||
  (hasState(error, NOT_SUPPORTED) &&
    (error as { readonly routine?: unknown }).routine === 'RevalidateCachedQuery');

const NO_SUCH_STATEMENT = '26000';
const STATEMENT_EXISTS = '42P05';
const NOT_SUPPORTED = '0A000';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const READ_ONLY = '25006';

const hasState = (error: unknown, state: string): boolean =>
  error instanceof Error && (error as { readonly code?: unknown }).code === state;
