import { isGrpcServiceError } from '@temporalio/client';

/** Whether an error says that PostgreSQL or Temporal cannot be reached or cannot answer just now. */
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

/** SQLSTATE: connection lost, too many connections or no memory, statement cancelled or server going down, deadlock. */
const awayDatabaseStates = /^(08...|53...|57014|57P0[1-5]|40P01|25P03)$/;

/** The driver's own errors have no code. */
const awayMessages =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error)/;
