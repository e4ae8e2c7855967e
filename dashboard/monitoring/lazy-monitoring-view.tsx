import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading } from '../parts/loading.js';

/** Loads the charts on demand, so that no other view waits for their library. */
export function LazyMonitoringView() {
  const [View, setView] = useState<ComponentType>();
  useEffect(() => {
    void import('./monitoring-view.js').then(({ MonitoringView }) => setView(() => MonitoringView));
  }, []);
  return View ? <View /> : <Loading />;
}
