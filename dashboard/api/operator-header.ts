const ASCII = /^[\x20-\x24\x26-\x7e]+$/;

/** A header holds ASCII alone: a name with other letters travels percent-encoded. */
export const asOperator = (operator: string) => ({
  Operator: ASCII.test(operator) ? operator : encodeURIComponent(operator),
});

/** The name again, as the record has it. */
export function operatorName(recorded: string): string {
  try {
    return decodeURIComponent(recorded);
  } catch {
    return recorded;
  }
}
