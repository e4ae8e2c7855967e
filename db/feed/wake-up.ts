/** Wakes one sleeper. A signal that comes while nobody sleeps is remembered for the next sleep, so none is lost. */
export class WakeUp {
  #isSignalled = false;
  #wake: (() => void) | undefined;

  readonly signal = (): void => {
    this.#isSignalled = true;
    this.#wake?.();
  };

  /** Resolves at the next signal, or after `ms`. */
  async sleep(ms: number): Promise<void> {
    if (!this.#isSignalled)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#isSignalled = false;
    this.#wake = undefined;
  }
}
