import type { MainView } from '../router.js';

/** Strokes in a box of 16 by 16. */
export const iconPaths = {
  cart: 'M3 3h1.6l1.5 7.2h6l1.2-5H5M6.6 13.2h.01M11.4 13.2h.01',
  wallet:
    'M2.5 5.5h9.8a1.2 1.2 0 0 1 1.2 1.2v5.1a1.2 1.2 0 0 1-1.2 1.2H3.7a1.2 1.2 0 0 1-1.2-1.2V4.4A1.4 1.4 0 0 1 3.9 3H11M10.6 9.3h.01',
  box: 'M8 2 13.5 5v6L8 14 2.5 11V5L8 2ZM2.8 5.2 8 8l5.2-2.8M8 8v5.8',
  service: 'M8 2l5.2 3v6L8 14l-5.2-3V5L8 2ZM8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z',
  orders: 'M3 4h10M3 8h10M3 12h6',
  shop: 'M3 6.5 4 3h8l1 3.5M3 6.5v6.5h10V6.5M3 6.5h10M6.5 13v-3h3v3',
  mails: 'M2.5 4h11v8h-11zM2.8 4.4 8 8.6l5.2-4.2',
  operators: 'M8 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM3 13.4c.5-2.2 2.5-3.2 5-3.2s4.5 1 5 3.2',
  monitoring: 'M2.5 13.5h11M4 10.5V9M7 10.5v-5M10 10.5V7M13 10.5V3.5',
  faults: 'M9 2 4 9h3.5L7 14l5-7H8.5L9 2Z',
  check: 'm3.5 8.5 3 3 6-7',
  cross: 'm4.5 4.5 7 7M11.5 4.5l-7 7',
  undo: 'M5.5 3 3 5.5 5.5 8M3.2 5.5h6.3a3.5 3.5 0 0 1 0 7H6',
  wait: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 5v3.2l2 1.3',
  flag: 'M4 14V2.8h7.5L9.8 5.6l1.7 2.9H4',
  shield: 'M8 2l5 1.8v4c0 3-2 5.2-5 6.2-3-1-5-3.2-5-6.2v-4L8 2Z',
  repeat: 'M12 5.5H5a2 2 0 0 0-2 2v.5M4 10.5h7a2 2 0 0 0 2-2V8M10.5 3.5l2 2-2 2M5.5 12.5l-2-2 2-2',
  person: 'M8 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM3 13.4c.5-2.2 2.5-3.2 5-3.2s4.5 1 5 3.2',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6L12.5 8 5 3.2Z',
  question: 'M6 6a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.3M8 11.8h.01',
  plus: 'M8 3.5v9M3.5 8h9',
  arrow: 'M3 8h10M9 4l4 4-4 4',
  outside: 'M6 3H3v10h10v-3M9 3h4v4M13 3 7.5 8.5',
  copy: 'M5.5 5.5h7v7h-7zM3.5 10.5v-7h7',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M3.6 12.4l1-1M11.4 4.6l1-1',
  moon: 'M13 9.6A5.5 5.5 0 0 1 6.4 3 5.5 5.5 0 1 0 13 9.6Z',
  system: 'M2.5 3.5h11v7.5h-11zM6 13.5h4M8 11v2.5',
  live: 'M8 9.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4ZM4.8 11.2a4.5 4.5 0 0 1 0-6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4',
} as const satisfies Record<MainView, string> & Record<string, string>;

export type IconName = keyof typeof iconPaths;
