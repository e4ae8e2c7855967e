import { lookOf } from '../parts/service-look.js';
import type { Texts } from './en.js';
import { plainWords } from './plain-words.js';

/** Looks up a name of the API. One that the page does not know is put into plain words. */
const lookUp = (names: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(names, name) ? (names[name] ?? name) : plainWords(name);

export const eventName = (type: string, texts: Texts): string => lookUp(texts.events, type);

export const reasonText = (reason: string, texts: Texts): string => lookUp(texts.reasons, reason);

export const quarantineReason = (reason: string, texts: Texts): string =>
  lookUp(texts.quarantineReasons, reason);

export const serviceName = (service: string, { tag }: Pick<Texts, 'tag'>): string =>
  lookOf(service).name[tag];
