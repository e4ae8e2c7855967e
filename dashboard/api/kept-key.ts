import { randomKey } from './random-key.js';
import { asProblem } from './request.js';

/**
 * The Idempotency-Key of what a person asks for: the same until an answer has come, or something else is asked for. An
 * answer may be lost when the request was not.
 */
export class KeptKey {
  #asked = '';
  #key = '';

  async send<Answer>(request: unknown, send: (key: string) => Promise<Answer>): Promise<Answer> {
    const asked = JSON.stringify(request);
    if (asked !== this.#asked) [this.#asked, this.#key] = [asked, randomKey()];
    try {
      const answer = await send(this.#key);
      this.#asked = '';
      return answer;
    } catch (error) {
      if (!asProblem(error).isOutcomeUnknown) this.#asked = '';
      throw error;
    }
  }
}
