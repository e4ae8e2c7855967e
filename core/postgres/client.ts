import pg from 'pg';
import type { StatementNames } from './statement-names.js';

/** Connections that prepare each statement with values under its name. */
export const clientWith = (names: StatementNames): typeof pg.Client =>
  class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      this.query = named(this.query.bind(this), names) as pg.Client['query'];
    }
  };

type Query = (statement: unknown, values?: unknown, callback?: unknown) => unknown;

const named =
  (query: Query, names: StatementNames): Query =>
  (statement, values, callback) => {
    const isNameable = typeof statement === 'string' && Array.isArray(values) && values.length > 0;
    return query(
      isNameable ? { text: statement, name: names.nameOf(statement) } : statement,
      values,
      callback,
    );
  };
