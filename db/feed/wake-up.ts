/** Wakes one sleeper. A ring while nobody sleeps is kept for the next one, so that none is lost. */
export class Bell {
  #hasRung = false;
  #wake: (() => void) | undefined;

  readonly ring = (): void => {
    this.#hasRung = true;
    this.#wake?.();
  };

  /** Resolves at the next ring, or after `ms`. */
  async rung(ms: number): Promise<void> {
    if (!this.#hasRung)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#hasRung = false;
    this.#wake = undefined;
  }
}
