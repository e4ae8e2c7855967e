import { useEffect, useState } from 'preact/hooks';

export const speeds = [0.5, 1, 2, 4] as const;
export type Speed = (typeof speeds)[number];

/** Pixels of the diagram per second. At speed 1 that is about one event a second, however long it really took. */
const PACE = 70;

export interface Replay {
  /** The row that the replay has reached; null shows the present. */
  readonly row: number | null;
  readonly isPlaying: boolean;
  readonly speed: Speed;
  readonly play: () => void;
  readonly pause: () => void;
  readonly goTo: (row: number) => void;
  readonly goLive: () => void;
  readonly setSpeed: (speed: Speed) => void;
}

/** Replays the story row by row, and goes back to live at its end. */
export function useReplay(bottom: number): Replay {
  const [row, setRow] = useState<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(1);
  const isOver = row !== null && row >= bottom + 20;

  useEffect(() => {
    if (!isPlaying) return undefined;
    let last = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const moved = (PACE * speed * (now - last)) / 1_000;
      last = now;
      setRow((old) => (old ?? 0) + moved);
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed]);

  const goLive = () => {
    setPlaying(false);
    setRow(null);
  };
  useEffect(() => {
    if (isOver) goLive();
  }, [isOver]);

  return {
    row,
    isPlaying,
    speed,
    play: () => {
      setRow((old) => old ?? 0);
      setPlaying(true);
    },
    pause: () => setPlaying(false),
    goTo: (target) => {
      setPlaying(false);
      setRow(target);
    },
    goLive,
    setSpeed,
  };
}
