import { onTestFinished } from 'vitest';

export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** What is waited for until the test opens it; at its end at the latest, so that nothing that waits outlasts it. */
export function createGate(): Gate {
  let open = () => undefined as void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  onTestFinished(() => open());
  return { opened, open };
}
