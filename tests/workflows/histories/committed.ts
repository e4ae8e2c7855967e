import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { services, type Service } from '../../../schemas/services.js';

/** One folder per release, and `next` for what the coming one writes. */
export const historiesFolder = fileURLToPath(new URL('../../histories/', import.meta.url));

/** Of a history's JSON, what the tests look at. */
export interface HistoryEvent {
  readonly eventId?: string;
  readonly eventType?: string;
  readonly userMetadata?: { readonly summary?: { readonly data?: string } };
  readonly markerRecordedEventAttributes?: {
    readonly markerName?: string;
    readonly details?: Readonly<Record<string, { readonly payloads?: readonly { readonly data: string }[] }>>;
  };
  readonly activityTaskScheduledEventAttributes?: { readonly activityType: { readonly name: string } };
  readonly timerStartedEventAttributes?: { readonly timerId: string };
  readonly timerFiredEventAttributes?: { readonly timerId: string };
  readonly timerCanceledEventAttributes?: { readonly timerId: string };
}

export interface CommittedHistory {
  /** `<release>/<scene>.<service>.json` */
  readonly name: string;
  readonly service: Service;
  readonly json: { events: HistoryEvent[] };
}

/** Every committed history, of every release; short ones first, since they fail sooner. */
export function committedHistories(): readonly CommittedHistory[] {
  const files = readdirSync(historiesFolder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .map((name) => ({ name, service: serviceOf(name), json: readHistory(name) }))
    .sort((a, b) => a.json.events.length - b.json.events.length);
}

const readHistory = (name: string) =>
  JSON.parse(readFileSync(path.join(historiesFolder, name), 'utf8')) as CommittedHistory['json'];

function serviceOf(name: string): Service {
  const service = services.find((one) => name.endsWith(`.${one}.json`));
  if (service === undefined) throw new Error(`${name}: expected <scene>.<service>.json`);
  return service;
}

/** What Worker.runReplayHistories takes. */
export const replayable = ({ name, json }: CommittedHistory) => ({
  workflowId: name,
  history: historyFromJSON(json),
});

/** The activities that ran inside workflow tasks. */
export const localActivitiesIn = ({ json }: CommittedHistory): readonly string[] =>
  json.events.flatMap(({ markerRecordedEventAttributes: marker }) => {
    const data = marker?.details?.['data']?.payloads?.[0]?.data;
    if (marker?.markerName !== 'core_local_activity' || data === undefined) return [];
    return (JSON.parse(decode(data)) as { activity_type: string }).activity_type;
  });

/** The activities that Temporal scheduled. */
export const regularActivitiesIn = ({ json }: CommittedHistory): readonly string[] =>
  json.events.flatMap(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType.name ?? [],
  );

export interface CommittedTimer {
  readonly summary: string;
  readonly ended: 'ran out' | 'cancelled' | 'never';
}

export const timersIn = ({ json: { events } }: CommittedHistory): readonly CommittedTimer[] =>
  events.flatMap(({ timerStartedEventAttributes: started, userMetadata }) => {
    if (!started) return [];
    const isFor = (timer?: { readonly timerId: string }) => timer?.timerId === started.timerId;
    const summary = JSON.parse(decode(userMetadata?.summary?.data ?? '')) as string;
    if (events.some((event) => isFor(event.timerFiredEventAttributes))) return { summary, ended: 'ran out' };
    if (events.some((event) => isFor(event.timerCanceledEventAttributes)))
      return { summary, ended: 'cancelled' };
    return { summary, ended: 'never' };
  });

const decode = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
