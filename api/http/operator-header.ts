import { z } from 'zod';
import { limits, rangeOf } from '../../schemas/limits.js';

const hex = '[\\dA-Fa-f]';
const rest = `%[89ABab]${hex}`;

/** The ways to write one character: printable ASCII as it is, anything but control characters as UTF-8 (RFC 3629). */
const character = [
  '[\\x20-\\x24\\x26-\\x7e]',
  `%[2-6]${hex}`,
  '%7[\\dA-Ea-e]',
  `%[Cc]2%[ABab]${hex}`,
  `%(?:[Cc][3-9A-Fa-f]|[Dd]${hex})${rest}`,
  `%[Ee]0%[ABab]${hex}${rest}`,
  `%[Ee][1-9A-CEFa-cef](?:${rest}){2}`,
  `%[Ee][Dd]%[89]${hex}${rest}`,
  `%[Ff]0%[9ABab]${hex}(?:${rest}){2}`,
  `%[Ff][1-3](?:${rest}){3}`,
  `%[Ff]4%8${hex}(?:${rest}){2}`,
].join('|');

const { min, max } = limits.operator;

/**
 * The operator's self-declared name; there is no authentication yet. A header holds ASCII, so other characters, and
 * `%` itself, come percent-encoded. The name is counted and recorded decoded.
 */
export const operatorHeader = z
  .string('expected the name of the operator')
  .regex(
    new RegExp(`^(?:${character}){${min},${max}}$`),
    `expected ${rangeOf(limits.operator)} characters, as UTF-8 percent-encoded where they are not ASCII`,
  )
  .meta({
    description: 'Your name, recorded as claimed. Percent-encode `%`, and what is not ASCII, as UTF-8.',
  })
  .transform(decodeURIComponent);
