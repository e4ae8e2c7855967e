import type { SuccessResponseJSON } from 'openapi-typescript-helpers';
import type { components, operations } from '../../api/generated/openapi.js';

type Schemas = components['schemas'];

/** The body of an operation's successful response, by the operation's id in the OpenAPI document. */
export type Reply<Id extends keyof operations> = SuccessResponseJSON<operations[Id]>;

/** An amount in the currency's smallest unit. */
export type Money = Schemas['Money'];
export type Order = Schemas['Order'];
export type OrderItem = Order['items'][number];
export type Placement = operations['placeOrder']['requestBody']['content']['application/json'];
export type Product = Schemas['Product'];
export type Customer = Schemas['Customer'];
export type Wallet = Schemas['Wallet'];
export type Stock = Schemas['Stock'];
export type Mail = Schemas['Mail'];
export type AttentionEntry = Schemas['AttentionEntry'];
export type AttentionCode = AttentionEntry['code'];
export type QuarantineEntry = Schemas['QuarantineEntry'];
export type QuarantinedSignal = Schemas['QuarantinedSignal'];
export type OperatorAction = Schemas['OperatorAction'];
export type ProblemDocument = Schemas['Problem'];
export type FieldError = NonNullable<ProblemDocument['errors']>[number];
export type Stats = Reply<'showStats'>;
export type StepTimes = Stats['steps'][keyof Stats['steps']];
export type SeriesPoint = Stats['series'][number];
export type ServiceFaults = Reply<'listFaults'>['faults'][number];
export type DeliveryFaults = Schemas['DeliveryFaults'];

/** The data of each kind of feed message; `behind` and `reset` are handled where the feed is read. */
export type FeedData = Omit<Schemas['FeedMessages'], 'behind' | 'reset'>;
export type NotificationStatus = FeedData['notification']['status'];
