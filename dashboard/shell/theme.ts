import { useEffect, useState } from 'preact/hooks';
import { keep, kept } from './kept.js';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The colours follow the system until somebody chooses. */
export function useTheme(): { readonly theme: Theme; readonly choose: (theme: Theme) => void } {
  const [theme, setTheme] = useState<Theme>(() => themes.find((name) => name === kept('theme')) ?? 'system');
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const choose = (chosen: Theme) => {
    keep('theme', chosen);
    setTheme(chosen);
  };
  return { theme, choose };
}
