import { readStored, store } from '../shell/storage.js';

const session = () => sessionStorage;

/** The operator's name as they gave it, remembered until the tab is closed. */
export const rememberedName = (): string => readStored('operator', session) ?? '';

export const rememberName = (name: string): void => store('operator', name, session);
