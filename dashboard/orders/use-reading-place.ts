import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import { useKeptList } from './kept-list.js';

/**
 * Goes on where the reader was, remembers how far the page is scrolled, and tells the list whether its beginning is out of
 * sight.
 */
export function useReadingPlace(card: RefObject<HTMLElement | null>): void {
  const kept = useKeptList();
  const latest = useRef(kept);
  latest.current = kept;
  useLayoutEffect(() => scrollTo(0, latest.current.place.scrollY), []);
  useEffect(() => {
    const note = () => {
      // The next view, which may be shorter, has already taken the place of this one.
      if (!card.current) return;
      latest.current.place.scrollY = scrollY;
      latest.current.read(card.current.getBoundingClientRect().top < 0);
    };
    addEventListener('scroll', note, { passive: true });
    return () => removeEventListener('scroll', note);
  }, []);
}
