import { isGrpcServiceError } from '@temporalio/client';

/** Whether an error means that PostgreSQL or Temporal is unreachable or cannot respond right now. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return isAwayTemporal(error) || isAwayTemporal(error.cause) || isAwayDatabase(error);
}

/** gRPC's numbers for CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED and UNAVAILABLE. */
const awayGrpcCodes: ReadonlySet<number> = new Set([1, 4, 8, 14]);

const isAwayTemporal = (error: unknown): boolean =>
  isGrpcServiceError(error) && awayGrpcCodes.has(error.code);

function isAwayDatabase(error: Error): boolean {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') return awaySockets.has(code) || awayDatabaseStates.test(code);
  return awayMessages.test(error.message);
}

const awaySockets: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * SQLSTATE: connection lost, out of connections or memory, statement or wait for a lock cancelled, server shutting down
 * or read-only, transaction ended by its limits of time or by another one.
 */
const awayDatabaseStates = /^(08...|53...|57014|57P0[1-5]|55P03|25006|25P0[34]|40001|40P01)$/;

/** The driver's own errors carry no code. */
const awayMessages =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error)/;
