import { SingleBar } from 'cli-progress';

export interface Progress {
  show(done: number): void;
  stop(): void;
}

/** A progress bar on a terminal; elsewhere a line each time that `every` more are done. */
export function startProgress(what: string, total: number, every: number): Progress {
  const bar = process.stdout.isTTY
    ? new SingleBar({ format: `${what} {bar} {value}/{total} {eta_formatted}` })
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
