import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useWidth } from '../choreography/use-width.js';
import type { Texts } from '../texts/en.js';
import { useTexts } from '../texts/language.js';
import type { SeriesPoint, Stats } from '../api/documents.js';
import { hasOrders, SeriesTable, seriesNames as names } from './series-table.js';
import { useColours } from './use-colours.js';

/** Orders over time: how many were placed, and how they ended. A chart, and the same as a table. */
export function OrdersOverTime({ stats }: { readonly stats: Stats }) {
  const { monitoring } = useTexts();
  const isEmpty = !stats.series.some(hasOrders);
  return (
    <section class="card over-time" aria-labelledby="over-time">
      <h2 id="over-time">{monitoring.overTime}</h2>
      {isEmpty ? <p class="empty">{monitoring.noOrders}</p> : <Chart series={stats.series} />}
      {!isEmpty && <SeriesTable series={stats.series} />}
    </section>
  );
}

const HEIGHT = 240;
const dashes: Readonly<Record<(typeof names)[number], number[]>> = {
  created: [],
  completed: [],
  failed: [2, 4],
  refunded: [8, 4],
};

function Chart({ series }: { readonly series: readonly SeriesPoint[] }) {
  const texts = useTexts();
  const { element, width } = useWidth<HTMLDivElement>();
  const chart = useRef<uPlot | undefined>(undefined);
  const colours = useColours();
  useEffect(() => {
    if (!element.current || width === 0) return undefined;
    const axis = { stroke: colours.muted, grid: { stroke: colours.line, width: 1 }, ticks: { show: false } };
    const options: uPlot.Options = {
      width,
      height: HEIGHT,
      axes: [
        { ...axis, values: (_, times) => times.map((time) => clockTime(time, texts)) },
        { ...axis, size: 42, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] },
      ],
      scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
      legend: { live: true },
      series: [
        { label: texts.monitoring.time, value: (_, time) => clockTime(time, texts) },
        ...names.map((name) => ({
          label: texts.monitoring.series[name],
          stroke: colours[name],
          width: 2,
          dash: dashes[name],
          points: { show: false },
          ...(name === 'created' ? { fill: colours.fill } : {}),
        })),
      ],
    };
    chart.current = new uPlot(options, dataOf(series), element.current);
    return () => chart.current?.destroy();
  }, [width, colours, texts]);
  useEffect(() => chart.current?.setData(dataOf(series)), [series]);
  return <div ref={element} class="chart" aria-hidden="true" />;
}

/** Unix seconds as the time of day. */
const clockTime = (seconds: number | null, { tag }: Pick<Texts, 'tag'>): string =>
  seconds === null
    ? ''
    : new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
        1_000 * seconds,
      );

const dataOf = (series: readonly SeriesPoint[]): uPlot.AlignedData => [
  series.map(({ at }) => Date.parse(at) / 1_000),
  ...names.map((name) => series.map((point) => point[name])),
];
