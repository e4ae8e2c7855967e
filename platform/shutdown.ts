/** Aborts on the first SIGINT or SIGTERM; another one, a second later or more, ends the process at once. */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      controller.abort();
    } else if (Date.now() - firstAt >= SAME_KEYSTROKE) process.exit(130);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}

/** In ms. A terminal sends Ctrl-C to us and to npm, which passes it on to us once more. */
const SAME_KEYSTROKE = 1_000;
