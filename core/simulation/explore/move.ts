/** One choice of a schedule. Steps are named by their place among those that are possible. */
export type Move =
  | { readonly kind: 'step'; readonly index: number; readonly fault?: string }
  | { readonly kind: 'hold'; readonly index: number }
  | { readonly kind: 'crash' | 'terminate'; readonly service: string }
  | { readonly kind: 'outage'; readonly service: string; readonly ms: number }
  | { readonly kind: 'time' };

/** As it is written in a list of choices. */
export function textOf(move: Move): string {
  switch (move.kind) {
    case 'step':
      return move.fault === undefined ? `${move.index}` : `${move.index}:${move.fault}`;
    case 'hold':
      return `hold:${move.index}`;
    case 'crash':
    case 'terminate':
      return `${move.kind}:${move.service}`;
    case 'outage':
      return `outage:${move.service}:${move.ms}`;
    case 'time':
      return 'time';
  }
}

/** Throws where the text is none of a move. */
export function moveOf(text: string): Move {
  const [first = '', second, third] = text.split(':');
  if (/^\d+$/.test(first)) return { kind: 'step', index: Number(first), ...(second && { fault: second }) };
  if (first === 'hold') return { kind: 'hold', index: Number(second) };
  if ((first === 'crash' || first === 'terminate') && second) return { kind: first, service: second };
  if (first === 'outage' && second) return { kind: first, service: second, ms: Number(third) };
  if (first === 'time') return { kind: 'time' };
  throw new Error(`not a choice: ${text}`);
}
