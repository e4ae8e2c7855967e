import type { Texts } from '../texts/en.js';
import { formatPercent } from '../texts/formats.js';
import { isNormal, modeOf, type Faults } from './switches.js';

/** What is switched on, in a few words. */
export function describeFaults(settings: Faults, texts: Texts): string {
  const { faults } = texts;
  if (isNormal(settings)) return faults.allNormal;
  const percent = (share: number) => formatPercent(share, texts);
  const { duplicate, delay, reorder } = settings.deliveries;
  const mode = modeOf(settings);
  return [
    ...(mode === 'NORMAL' ? [] : [faults.modes[mode].name]),
    ...(duplicate + delay + reorder === 0
      ? []
      : [faults.chances(percent(duplicate), percent(delay), percent(reorder))]),
  ].join(', ');
}
