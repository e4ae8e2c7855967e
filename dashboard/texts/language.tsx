import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { readStored, store } from '../shell/storage.js';
import { en, type Language, type Texts } from './en.js';
import { ko } from './ko.js';

export const languages: Readonly<Record<Language, Texts>> = { en, ko };

const isLanguage = (text: string | null): text is Language => text !== null && Object.hasOwn(languages, text);

interface Chosen {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const LanguageContext = createContext<Chosen>({ language: 'en', choose: () => undefined });

/** Sets the language of the page: the last one chosen, or else the browser's. */
export function LanguageProvider({ children }: { readonly children: ComponentChildren }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = (chosen: Language) => {
    store('language', chosen);
    setLanguage(chosen);
  };
  return <LanguageContext.Provider value={{ language, choose }}>{children}</LanguageContext.Provider>;
}

function firstLanguage(): Language {
  const chosen = readStored('language');
  if (isLanguage(chosen)) return chosen;
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export const useLanguage = (): Chosen => useContext(LanguageContext);

export const useTexts = (): Texts => languages[useLanguage().language];
