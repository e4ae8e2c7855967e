/** The exit code of a program that was told to stop at once. */
export const STOPPED_AT_ONCE = 130;

/** In ms. A terminal sends Ctrl-C to us and to npm, which passes it on to us once more. */
const SAME_KEYSTROKE = 1_000;

/**
 * Aborts when the program is asked to stop: by Ctrl-C, SIGTERM, or a terminal that is closed. When it is asked again, a
 * second later or more, it ends at once, and so do the programs that it has started.
 */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      controller.abort();
    } else if (Date.now() - firstAt >= SAME_KEYSTROKE) process.exit(STOPPED_AT_ONCE);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  process.on('SIGHUP', surviveTerminal);
  return controller.signal;
}

/** What is written to a terminal that is gone fails; that must not keep us from stopping well. */
function surviveTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
