import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { isConflict, isReadOnly } from './sql-state.js';
import type { Connection, Pool } from './pool.js';

/** The answer to the commit was lost: nobody knows whether the transaction took effect. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/**
 * Runs `work` in one transaction and returns its value; any error rolls everything back and is thrown on, except that
 * a commit without an answer throws `OutcomeUnknown`. After a conflict with another transaction, nothing of it is left
 * and all of it is tried again: `work` may run up to three times, so it does nothing outside the transaction.
 */
export async function withTransaction<T>(pool: Pool, work: (db: Transaction) => Promise<T>): Promise<T> {
  for (let triesLeft = 2; ; triesLeft--) {
    try {
      return await tryOnce(pool, work);
    } catch (error) {
      if (triesLeft === 0 || !(isConflict(error) || pool.isNameRefused(error))) throw error;
      // At random, so that the two of a conflict do not meet again.
      await sleep(Math.random() * 50);
    }
  }
}

/** What a statement that nobody awaits may be given: the driver can put all of it into a message. */
export type Sendable = Scalar | readonly Scalar[] | undefined;
type Scalar = string | number | boolean | Date | null;

/**
 * A transaction on a connection. The server carries statements out in the order in which they are given, and those that
 * are given without awaiting an answer in between cost one round trip together, the commit and the `begin` included.
 */
export class Transaction implements Connection {
  readonly #client: pg.ClientBase;
  readonly #answers: Promise<pg.QueryResult>[] = [];

  constructor(client: pg.ClientBase) {
    this.#client = client;
  }

  /** Gives a statement whose answer only matters if it is an error; the next `query` or the commit then throws it. */
  send(text: string, values?: readonly Sendable[]): void {
    this.#give(text, values && [...values]).catch(() => undefined);
  }

  async query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<pg.QueryResult<Row>> {
    const answer = this.#give<Row>(text, values);
    // Where an earlier one has failed, perhaps the `begin`, nothing may be built on this answer.
    await Promise.all(this.#answers).catch(async () => {
      throw (await this.#firstError()) as Error;
    });
    return answer;
  }

  /** Throws the first error where PostgreSQL has rolled back, and `OutcomeUnknown` where nobody knows whether it has. */
  async commit(): Promise<void> {
    const command = await this.#give('commit').then(
      (answer) => answer.command,
      () => undefined,
    );
    const error = await this.#firstError();
    if (command === 'COMMIT' && error === undefined) return;
    if (command === 'ROLLBACK' || isRefusal(error))
      throw error ?? new Error('the transaction had failed before its commit');
    throw new OutcomeUnknown('the answer to the commit was lost', { cause: error });
  }

  #give<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>> {
    const answer = this.#client.query<Row>(text, values);
    this.#answers.push(answer);
    return answer;
  }

  /** After a statement that has failed PostgreSQL refuses all others, so only the first error says why. */
  async #firstError(): Promise<Error | undefined> {
    const answers = await Promise.allSettled(this.#answers);
    return answers.find((answer) => answer.status === 'rejected')?.reason as Error | undefined;
  }
}

/**
 * A connection whose rollback fails is thrown away, since nobody knows what it still holds; so is one that breaks on the
 * way, and one to a server that has become read-only: the next one may lead to its successor.
 */
async function tryOnce<T>(pool: Pool, work: (db: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => (broken ??= error);
  // Between two statements a connection that breaks has nobody else to tell, and would end the process.
  client.on('error', onError);
  try {
    const db = new Transaction(client);
    db.send(pool.begin);
    const value = await work(db);
    if (broken) throw broken;
    await db.commit();
    return value;
  } catch (error) {
    if (error instanceof OutcomeUnknown) broken ??= error;
    else
      await client.query('rollback').catch((rollbackError: unknown) => (broken ??= rollbackError as Error));
    if (isReadOnly(error)) broken ??= error;
    throw error;
  } finally {
    // A broken one may complain again after this.
    if (!broken) client.off('error', onError);
    client.release(broken);
  }
}

/**
 * Whether the server has said that it did not commit. Classes 08 (connection) and 57 (shutdown, cancellation) may
 * follow a commit that took effect, and the driver's own errors carry no SQLSTATE.
 */
function isRefusal(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^(?!08|57)[0-9A-Z]{5}$/.test(code);
}
