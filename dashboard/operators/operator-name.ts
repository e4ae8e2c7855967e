import { keep, kept } from '../shell/kept.js';

const session = () => sessionStorage;

/** Who acts as an operator, as they named themselves; forgotten when the tab is closed. */
export const rememberedName = (): string => kept('operator', session) ?? '';

export const rememberName = (name: string): void => keep('operator', name, session);
