import { useEffect, useState } from 'preact/hooks';
import { readStored, store } from './storage.js';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The theme follows the system until the visitor chooses one. */
export function useTheme(): { readonly theme: Theme; readonly choose: (theme: Theme) => void } {
  const [theme, setTheme] = useState<Theme>(
    () => themes.find((name) => name === readStored('theme')) ?? 'system',
  );
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const choose = (chosen: Theme) => {
    store('theme', chosen);
    setTheme(chosen);
  };
  return { theme, choose };
}
