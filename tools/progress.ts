import { SingleBar, type Options } from 'cli-progress';

export interface Progress {
  show(done: number): void;
  stop(): void;
}

/** A bar keeps the terminal from wrapping lines; this one undoes that however the program ends. */
export function createBar(options: Options): SingleBar {
  const bar = new SingleBar(options);
  process.once('exit', () => bar.stop());
  return bar;
}

/** A progress bar on a terminal; elsewhere a line each time that `every` more are done. */
export function startProgress(what: string, total: number, every: number): Progress {
  const bar = process.stdout.isTTY
    ? createBar({ format: `${what} {bar} {value}/{total} {eta_formatted}` })
    : undefined;
  bar?.start(total, 0);
  let shown = 0;
  return {
    show: (done) => {
      bar?.update(done);
      if (bar || (done - shown < every && done < total)) return;
      shown = done;
      console.log(`${done} of ${total} ${what}`);
    },
    stop: () => bar?.stop(),
  };
}
