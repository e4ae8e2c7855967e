import type { ExploredWorld, Moves } from './explored-world.js';
import type { Move } from './move.js';

/** A state on the way, and what is left to try in it. */
export class Frame {
  readonly #moves: Move[];
  readonly #others: readonly Move[];
  #isTentative: boolean;
  #next = 0;

  constructor({ first, others, isTentative }: Moves) {
    this.#moves = [...first];
    this.#others = others;
    this.#isTentative = isTentative;
  }

  /** The move that is being tried. */
  get chosen(): Move {
    const move = this.#moves[this.#next];
    if (!move) throw new Error('nothing is left to try');
    return move;
  }

  /** On to the next move; false where there is none. */
  advance(): boolean {
    return ++this.#next < this.#moves.length;
  }

  /** Makes the chosen move, and learns what else there is to try: its faults, or the moves that it does not commute with. */
  async takeChosen(world: ExploredWorld): Promise<void> {
    const move = this.chosen;
    if (move.kind !== 'step') {
      await world.take(move);
      return;
    }
    const service = world.serviceAt(move.index);
    const closings = world.closingsOf(service);
    const offered = await world.take(move);
    if (move.fault === undefined) this.#moves.push(...offered.map((fault) => ({ ...move, fault })));
    if (this.#isTentative && world.closingsOf(service) > closings) {
      this.#isTentative = false;
      this.#moves.push(...this.#others);
    }
  }
}
