import type { Money } from '../api/documents.js';
import type { Texts } from './en.js';

type Words = Pick<Texts, 'tag' | 'time'>;

/** Formats money; the amount is in the currency's smallest unit. */
export function formatMoney({ amount, currency }: Money, { tag }: Pick<Texts, 'tag'>): string {
  const format = new Intl.NumberFormat(tag, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(amount / 10 ** digits);
}

/** How many of its smallest unit make up one of the currency: 1 for KRW, 100 for EUR. */
export function unitsIn(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0);
}

export const formatNumber = (value: number, { tag }: Pick<Texts, 'tag'>): string =>
  new Intl.NumberFormat(tag).format(value);

export const formatPercent = (share: number, { tag }: Pick<Texts, 'tag'>): string =>
  new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 }).format(share);

/** A duration in one or two units: 0.42 s, 12 s, 3 min 5 s, 2 h 4 min. */
export function formatSpan(ms: number, { time: { units } }: Words): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(2)}${units.s}`;
  if (seconds < 60) return `${Math.floor(seconds)}${units.s}`;
  return formatLongSpan(Math.floor(seconds), units);
}

/** A duration in whole seconds or more, for ages. */
export function formatAge(ms: number, { time: { units } }: Words): string {
  return formatLongSpan(Math.max(0, Math.floor(ms / 1_000)), units);
}

function formatLongSpan(seconds: number, units: Texts['time']['units']): string {
  const [minutes, hours, days] = [seconds / 60, seconds / 3_600, seconds / 86_400].map(Math.floor) as [
    number,
    number,
    number,
  ];
  if (minutes < 1) return `${seconds}${units.s}`;
  if (hours < 1) return `${minutes}${units.m}${rest(seconds % 60, units.s)}`;
  if (days < 1) return `${hours}${units.h}${rest(minutes % 60, units.m)}`;
  return `${days}${units.d}${rest(hours % 24, units.h)}`;
}

const rest = (value: number, unit: string): string => (value === 0 ? '' : ` ${value}${unit}`);

/** A countdown, such as 4:59. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const formatTime = (time: number | string, { tag }: Pick<Texts, 'tag'>): string =>
  new Intl.DateTimeFormat(tag, { timeStyle: 'medium', dateStyle: 'medium' }).format(new Date(time));

/** Day and minute, for a table that spans a few days. */
export const formatMinute = (time: number | string, { tag }: Pick<Texts, 'tag'>): string =>
  new Intl.DateTimeFormat(tag, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(time));

/** The time of day with milliseconds. */
export const formatExactTime = (time: number | string, { tag }: Pick<Texts, 'tag'>): string =>
  new Intl.DateTimeFormat(tag, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(new Date(time));

export const shortId = (id: string): string => id.slice(0, 8);
