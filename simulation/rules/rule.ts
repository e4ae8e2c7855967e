/** Nothing, or what is broken where the rule does not hold. */
export const rule = (holds: boolean, broken: string): readonly string[] => (holds ? [] : [broken]);
