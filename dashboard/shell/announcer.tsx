import { createContext, type ComponentChildren } from 'preact';
import { useContext, useState } from 'preact/hooks';

const AnnouncerContext = createContext<(text: string) => void>(() => undefined);

/** A single live region that tells screen readers what has changed. */
export function Announcer({ children }: { readonly children: ComponentChildren }) {
  const [text, announce] = useState('');
  return (
    <AnnouncerContext.Provider value={announce}>
      {children}
      <p class="for-screen-readers" role="status" aria-live="polite">
        {text}
      </p>
    </AnnouncerContext.Provider>
  );
}

export const useAnnounce = (): ((text: string) => void) => useContext(AnnouncerContext);
