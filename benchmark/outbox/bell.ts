/** Wakes the one who waits for it; what rings while nobody waits is heard by the next wait. */
export class Bell {
  #hasRung = false;
  #wake: () => void = () => undefined;

  readonly ring = (): void => {
    this.#hasRung = true;
    this.#wake();
  };

  /** Resolves once it has rung, or after so many ms. */
  async heard(longestMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.#hasRung)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, longestMs);
      });
    clearTimeout(timer);
    this.#hasRung = false;
  }
}
