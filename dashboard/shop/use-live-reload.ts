import { useEffect, useRef } from 'preact/hooks';
import { ALL_ORDERS } from '../feed/hub.js';
import { useFeed } from '../shell/connection.js';

const CALM_MS = 500;

/** Reloads soon after anything happens to any order, at most twice a second. */
export function useLiveReload(reload: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const soon = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      reload();
    }, CALM_MS);
  };
  useFeed(ALL_ORDERS, { onMessage: soon, onStart: soon });
  useEffect(() => () => clearTimeout(timer.current), []);
}
