import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading } from '../parts/loading.js';

/** The charts are loaded when somebody wants to see them, so that the other views need not wait for their library. */
export function LazyMonitoringView() {
  const [View, setView] = useState<ComponentType>();
  useEffect(() => {
    void import('./monitoring-view.js').then(({ MonitoringView }) => setView(() => MonitoringView));
  }, []);
  return View ? <View /> : <Loading />;
}
