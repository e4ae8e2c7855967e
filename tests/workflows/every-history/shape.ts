import { createHash } from 'node:crypto';

/** What Temporal, the SDK and the servers note for themselves. A participant sees none of it. */
const notes = [
  ...['eventTime', 'taskId', 'identity', 'requestId', 'workerVersion', 'binaryChecksum', 'historySizeBytes'],
  ...['sdkMetadata', 'meteringMetadata', 'taskQueue', 'header', 'attempt', 'lastFailure', 'workflowId'],
  ...['workflowTaskCompletedEventId', 'startedEventId', 'workflowExecutionTimeout', 'workflowRunTimeout'],
  ...['complete_time', 'original_schedule_time', 'backoff'],
];
/** How long something may take, and why it failed: a participant learns that it did. */
const details = [
  'startToFireTimeout',
  'retryPolicy',
  'retryIntervalMs',
  'message',
  'stackTrace',
  'source',
  'cause',
];
const unseen: ReadonlySet<string> = new Set([...notes, ...details]);

const uuid = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi;
/** In milliseconds since 1970; the time-skipping server is centuries ahead. */
const time = /(?<!\w)[1-9]\d{12}(?!\w)/g;

interface HistoryEvent {
  readonly eventType: string;
  readonly [attributes: string]: unknown;
}

/**
 * The shape of a history: the same where participants were told the same, in the same order and in the same workflow tasks,
 * and asked for the same. Events count by their type, and by which of them are copies; their content is for effects alone.
 * Ids and times do not count: what a participant made of its clock shows in what it asked for.
 */
export function shapeOf(json: string): string {
  const { events } = JSON.parse(json) as { readonly events: readonly HistoryEvent[] };
  const numberOf = numbering();
  const hash = createHash('sha256');
  for (const event of events) hash.update(seenOf(event, numberOf).replace(uuid, 'id').replace(time, 'time'));
  return hash.digest('hex');
}

/** Numbers texts by where each comes first. */
function numbering(): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => known.get(text) ?? known.set(text, known.size).size - 1;
}

/** Of an event of a history, what a participant sees. */
function seenOf(event: HistoryEvent, numberOf: (text: string) => number): string {
  const isSignal = event.eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED';
  const isAsked = event.eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED';
  const seen = (key: string, value: unknown): unknown => {
    if (unseen.has(key) || (isAsked && key === 'input')) return undefined;
    if (key !== 'data' || typeof value !== 'string') return inOrder(value);
    const text = Buffer.from(value, 'base64').toString();
    const content = simpleObject(text);
    if (content === undefined) return text;
    return isSignal && 'eventId' in content ? `event ${numberOf(text)}` : inOrder(content);
  };
  return JSON.stringify(event, seen);
}

/** A server writes the entries of a map in any order. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What is no object of ordinary size, such as junk, stays text. */
function simpleObject(text: string): object | undefined {
  if (!text.startsWith('{') || text.length > 10_000) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
