import pg from 'pg';
import type { StatementNames } from './statement-names.js';

export interface ClientOptions extends pg.ClientConfig {
  /** Without them, no statement is named. */
  readonly names?: StatementNames | undefined;
}

/**
 * A connection that sends a statement without awaiting the answers to those before it (`pipeline`), and names each
 * statement that has values.
 */
export class Client extends pg.Client {
  constructor({ names, ...config }: ClientOptions = {}) {
    super({ ...config, pipeline: true });
    if (names) this.query = named(this.query.bind(this), names);
  }
}

type Query = (statement: unknown, values: unknown, callback?: unknown) => unknown;

function named(query: pg.Client['query'], names: StatementNames): pg.Client['query'] {
  const withName: Query = (statement, values, callback) => {
    const isNameable = typeof statement === 'string' && Array.isArray(values) && values.length > 0;
    const config = isNameable ? { text: statement, name: names.nameOf(statement) } : statement;
    return (query as Query)(config, values, callback);
  };
  return withName as pg.Client['query'];
}
