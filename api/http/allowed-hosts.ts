import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

/**
 * Refuses requests for other names than these. A page of somebody else's may point its own name at this machine and
 * then read what it likes (DNS rebinding); it cannot do so with an IP address or with `localhost`.
 */
export const allowHosts =
  (names: readonly string[]): RequestHandler =>
  (request, _, next) => {
    // HTTP/1.0 has no `Host`.
    const name = (request.hostname as string | undefined)?.toLowerCase() ?? '';
    const isAllowed = name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) > 0 || names.includes(name);
    if (!isAllowed) throw new Problem('host-not-allowed', EXPECTED);
    next();
  };

const EXPECTED = 'expected an IP address, localhost, or a name of API_ALLOWED_HOSTS';
