import { useEffect, useState } from 'preact/hooks';
import { orderStatuses, type OrderStatus } from '../../schemas/order-status.js';
import type { Stats } from '../api/documents.js';
import { useRemote } from '../api/use-remote.js';
import { ALL_ORDERS } from '../feed/hub.js';
import { Field } from '../parts/field.js';
import { Loading } from '../parts/loading.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { toneOfStatus } from '../parts/status-tone.js';
import { ViewHead } from '../parts/view-head.js';
import { useFeed } from '../shell/connection.js';
import { useTexts } from '../texts/language.js';
import { Bars } from './bars.js';
import { loadStats } from './load-stats.js';
import { KeyFigures } from './key-figures.js';
import { OrdersOverTime } from './orders-over-time.js';
import { StepTimesChart } from './step-times.js';

const windows = [15, 60, 360, 1_440, 10_080] as const;
const BUCKETS = 48;
const EVERY_MS = 10_000;

/** The monitoring points of a time window, as figures and charts. */
export function MonitoringView() {
  const texts = useTexts();
  const [minutes, setMinutes] = useState<(typeof windows)[number]>(15);
  const { value, problem, reload } = useRemote(`stats ${minutes}`, () => loadStats(minutes, BUCKETS));
  useEffect(() => {
    const timer = setInterval(reload, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  // The feed only tells whether the API is up: the figures reload on their own schedule.
  useFeed(ALL_ORDERS, { onMessage: () => undefined, onStart: reload });
  return (
    <>
      <div class="view-head-with-tools">
        <ViewHead title={texts.views.monitoring} lead={texts.monitoring.lead} />
        <Field label={texts.monitoring.window} hint={texts.monitoring.refresh}>
          {(attributes) => (
            <select
              {...attributes}
              value={minutes}
              onChange={({ currentTarget }) =>
                setMinutes(windows.find((one) => String(one) === currentTarget.value) ?? 15)
              }
            >
              {windows.map((one) => (
                <option key={one} value={one}>
                  {texts.monitoring.windows[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {!value && !problem && <Loading />}
      {value && <Charts stats={value} />}
    </>
  );
}

function Charts({ stats }: { readonly stats: Stats }) {
  const texts = useTexts();
  const words = texts.monitoring;
  const names: Readonly<Record<string, string>> = { ...texts.reasons, ...texts.attentionCodes };
  const reasonName = (reason: string) => names[reason] ?? reason;
  return (
    <>
      <KeyFigures stats={stats} />
      <OrdersOverTime stats={stats} />
      <StepTimesChart steps={stats.steps} />
      <div class="halves">
        <Bars
          title={words.byStatus}
          counts={statusCounts(stats)}
          nameOf={(status) => texts.statuses[status]}
          nothing={words.noOrders}
          toneOf={(status) => toneOfStatus[status]}
        />
        <Bars
          title={words.failures}
          counts={stats.failures}
          nameOf={reasonName}
          nothing={words.noFailures}
          toneOf={() => 'failed'}
        />
        <Bars
          title={words.timeouts}
          counts={stats.timeouts}
          nameOf={reasonName}
          nothing={words.noTimeouts}
          toneOf={() => 'undone'}
        />
        <Bars
          title={words.attentionByCode}
          counts={stats.attentionByCode}
          nameOf={(code) => (texts.attentionCodes as Readonly<Record<string, string>>)[code] ?? code}
          nothing={texts.operators.noAttention}
          toneOf={() => 'attention'}
        />
      </div>
    </>
  );
}

/** Leaves out `created` and `final`, which are sums of the others. */
const statusCounts = ({ orders }: Stats) =>
  Object.fromEntries(orderStatuses.map((status) => [status, orders[status]])) as Record<OrderStatus, number>;
