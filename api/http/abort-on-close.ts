import type { Response } from 'express';

/** Aborts when the client disconnects or the API stops. */
export function abortOnClose(response: Response, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, stopping]);
}
