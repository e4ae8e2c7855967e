const ASCII = /^[\x20-\x24\x26-\x7e]+$/;

/** A header holds only ASCII, so a name with other letters, or with `%`, is percent-encoded. */
export const asOperator = (operator: string) => ({
  Operator: ASCII.test(operator) ? operator : encodeURIComponent(operator),
});

/** Names were once recorded as they came, encoded. */
export function operatorName(recorded: string): string {
  try {
    return decodeURIComponent(recorded);
  } catch {
    return recorded;
  }
}
