import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The part of the API's document that we read. */
export interface FuzzedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, FuzzedOperation>>>>;
}

interface FuzzedOperation {
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** The requests sent to an operation, under a name such as `GET /orders`. */
export interface Requests {
  readonly operation: string;
  readonly count: number;
  /** Why it may have fewer than the others; usually undefined. */
  readonly exempt?: string;
}

/**
 * Counts the requests in schemathesis's reports (NDJSON), for each operation of the document. Requests
 * with a wrong method, which must be refused, do not count.
 */
export async function countRequests(
  { paths }: FuzzedDocument,
  reports: readonly string[],
): Promise<readonly Requests[]> {
  const counts = new Map<string, number>();
  for (const report of reports)
    for await (const line of createInterface({ input: createReadStream(report) })) {
      const recorder = (JSON.parse(line) as Reported).ScenarioFinished?.recorder;
      if (recorder) counts.set(recorder.label, (counts.get(recorder.label) ?? 0) + sentIn(recorder));
    }
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      return { operation: name, count: counts.get(name) ?? 0, ...exemption(operation) };
    }),
  );
}

/** A line of a report: one operation in one phase. */
interface Reported {
  readonly ScenarioFinished?: { readonly recorder: Recorder };
}

interface Recorder {
  readonly label: string;
  readonly interactions?: Readonly<Record<string, { readonly request: { readonly method: string } }>>;
}

const sentIn = ({ label, interactions = {} }: Recorder): number =>
  Object.values(interactions).filter(({ request }) => label.startsWith(`${request.method} `)).length;

function exemption({ parameters = [], requestBody, responses }: FuzzedOperation): { exempt?: string } {
  const types = Object.keys(responses['200']?.content ?? {});
  if (types.join() === 'text/event-stream') return { exempt: 'a stream, which does not end' };
  return parameters.length === 0 && requestBody === undefined ? { exempt: 'it takes no input' } : {};
}

export const tooFew = (requests: readonly Requests[], least: number): readonly Requests[] =>
  requests.filter(({ count, exempt }) => count < least && exempt === undefined);

/** One line per operation, the one with the fewest requests first. */
export const tableOf = (requests: readonly Requests[]): string =>
  requests
    .toSorted((a, b) => a.count - b.count)
    .map(({ operation, count, exempt }) => {
      const line = `${String(count).padStart(6)}  ${operation}`;
      return exempt === undefined ? line : `${line.padEnd(40)}  ${exempt}`;
    })
    .join('\n');
