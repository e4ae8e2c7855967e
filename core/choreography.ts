import type { AnyEvent, SagaId } from './event.js';

/** Everything the core knows of a business: who takes part, and who tells whom what. */
export interface Choreography {
  /** Each is a worker, a task queue, a workflow type and a database role. */
  readonly services: readonly string[];
  readonly catalogue: Catalogue;
  /** The field of every event that names its saga, in camel case: `parcelId`. Its column has the same name in snake case. */
  readonly sagaKey: string;
  /** The search attribute (Keyword) by which Temporal lists all participants of a saga. */
  readonly sagaAttribute: string;
}

/** Who publishes which event, and who listens. */
export type Catalogue = Readonly<Record<string, CatalogueEntry>>;

export interface CatalogueEntry {
  /** The newest released version of the event's schema. */
  readonly version: number;
  /** Which versions must be able to read which; `both` where nothing is said (docs/schema-evolution.md). */
  readonly compatibility?: Compatibility;
  readonly publisher: string;
  /** In the order of delivery. */
  readonly subscribers: readonly Subscriber[];
  readonly why?: string;
}

/** `both`: workers of any two versions can run side by side. `newer reads older`: consumers go first. */
export type Compatibility = 'both' | 'newer reads older';

export interface Subscriber {
  readonly service: string;
  readonly why?: string;
  /** Leaves the subscriber out when the event was caused by one of this type. */
  readonly unlessCausedBy?: string;
}

/** The event types of a catalogue that name this service as a subscriber. */
export type AddressedTo<Events extends Catalogue, Service extends string> = {
  [Type in keyof Events]: Service extends Events[Type]['subscribers'][number]['service'] ? Type : never;
}[keyof Events] &
  string;

export const isEventType = ({ catalogue }: Choreography, name: string): boolean =>
  Object.hasOwn(catalogue, name);

/** The entry of an event type. Throws where the catalogue has none: the journal may hold what a newer release wrote. */
export function entryOf({ catalogue }: Choreography, type: string): CatalogueEntry {
  const entry = Object.hasOwn(catalogue, type) ? catalogue[type] : undefined;
  if (!entry) throw new Error(`the catalogue has no event ${type}`);
  return entry;
}

/** To whom an event goes, in the order of delivery; `causeType` is null for the first event of a saga. */
export function subscribersOf(
  choreography: Choreography,
  type: string,
  causeType: string | null,
): readonly string[] {
  return entryOf(choreography, type)
    .subscribers.filter(({ unlessCausedBy }) => unlessCausedBy === undefined || unlessCausedBy !== causeType)
    .map(({ service }) => service);
}

/** Whether the catalogue ever addresses this type to the service, whatever caused the event. */
export const isAddressedTo = (choreography: Choreography, type: string, service: string): boolean =>
  isEventType(choreography, type) &&
  entryOf(choreography, type).subscribers.some((subscriber) => subscriber.service === service);

/** What a service listens to, by type. */
export interface Subscription {
  readonly type: string;
  readonly publisher: string;
  readonly unlessCausedBy: string | undefined;
}

export const subscriptionsOf = ({ catalogue }: Choreography, service: string): readonly Subscription[] =>
  Object.entries(catalogue).flatMap(([type, { publisher, subscribers }]) =>
    subscribers
      .filter((subscriber) => subscriber.service === service)
      .map(({ unlessCausedBy }) => ({ type, publisher, unlessCausedBy })),
  );

export const publishedTypesOf = ({ catalogue }: Choreography, service: string): readonly string[] =>
  Object.keys(catalogue).filter((type) => catalogue[type]?.publisher === service);

/** The saga that an event belongs to. */
export const sagaIdOf = ({ sagaKey }: Choreography, { payload }: AnyEvent): SagaId =>
  (payload as unknown as Readonly<Record<string, SagaId>>)[sagaKey] as SagaId;

/** The PostgreSQL role of a service; the journal records it as the publisher (`published_by`). */
export const roleOf = (service: string): string => `${service}_service`;

/** The signal that carries nothing and makes a participant read its row again, or start (R11). No event has this name. */
export const LOOK = 'look';

export const taskQueueOf = (service: string): string => service;

export const workflowTypeOf = (service: string): string => service;

/** One participant per saga and service; the same id is signalled whether it runs, has closed, or never ran. */
export const workflowIdOf = (service: string, sagaId: SagaId): string => `${service}-${sagaId}`;
