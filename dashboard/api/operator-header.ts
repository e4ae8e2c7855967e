const ASCII = /^[\x20-\x24\x26-\x7e]+$/;

/** A header holds only ASCII, so a name with other letters is percent-encoded. */
export const asOperator = (operator: string) => ({
  Operator: ASCII.test(operator) ? operator : encodeURIComponent(operator),
});

/** Decodes a recorded name. */
export function operatorName(recorded: string): string {
  try {
    return decodeURIComponent(recorded);
  } catch {
    return recorded;
  }
}
