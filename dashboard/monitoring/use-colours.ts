import { useEffect, useState } from 'preact/hooks';

const variables = {
  created: '--blue',
  completed: '--done',
  failed: '--failed',
  refunded: '--compensation',
  muted: '--ink-2',
  line: '--line',
  fill: '--chart-fill',
} as const;

export type Colours = Readonly<Record<keyof typeof variables, string>>;

/** The page's colours for what is drawn on a canvas, which knows no style sheet; read anew when the theme changes. */
export function useColours(): Colours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const read = () => setColours(readColours());
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', read);
    return () => {
      observer.disconnect();
      system.removeEventListener('change', read);
    };
  }, []);
  return colours;
}

/** A colour that depends on the theme is resolved only where it is used, so one element uses each in turn. */
function readColours(): Colours {
  const probe = document.body.appendChild(document.createElement('span'));
  const entries = Object.entries(variables).map(([name, variable]) => {
    probe.style.color = `var(${variable})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Colours;
}
