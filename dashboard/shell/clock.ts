import { useEffect, useState } from 'preact/hooks';

/** The current time in milliseconds, refreshed every `everyMs`; with null it stands still. */
export function useClock(everyMs: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (everyMs === null) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
