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

/** The page's colours for the canvas, where CSS does not reach; updated when the theme changes. */
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

/** `light-dark()` is resolved only on an element, so a hidden one tries each colour. */
function readColours(): Colours {
  const probe = document.body.appendChild(document.createElement('span'));
  const entries = Object.entries(variables).map(([name, variable]) => {
    probe.style.color = `var(${variable})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Colours;
}
