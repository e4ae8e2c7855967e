/** What somebody outside can do to a workflow or an activity, what becomes of it, and where that is ensured and tested. */
export interface WayIn {
  readonly does: string;
  readonly becomes: string;
  /** The file that holds the guard. */
  readonly guard: string;
  readonly test: TestOfWay;
}

export interface TestOfWay {
  readonly file: string;
  /** The test's title, or the name of its case. */
  readonly title: string;
}

const mailbox = 'core/workflow/mailbox.ts';
const interceptors = 'core/workflow/interceptors.ts';
const converter = 'core/workflow/payload-converter.ts';
const inspection = 'core/activity/inspection.ts';
const temporal = 'core/workflow/temporal.ts';
const retryGate = 'core/workflow/retry-gate.ts';
const context = 'core/workflow/context.ts';
const consumer = 'core/activity/consumer.ts';

const testedIn =
  (file: string) =>
  (title: string): TestOfWay => ({ file, title });
const junk = testedIn('tests/workflows/junk.workflow.test.ts');
const poison = testedIn('tests/support/poison.ts');
const waysIn = testedIn('tests/workflows/ways-in.workflow.test.ts');
const notification = testedIn('tests/workflows/notification.workflow.test.ts');
const continued = testedIn('tests/workflows/continue-as-new.workflow.test.ts');
const floods = testedIn('tests/core/mailbox-floods.unit.test.ts');
const activities = testedIn('tests/db/poison.db.test.ts');
const retries = testedIn('tests/api/notification-retries.http.test.ts');
const quarantine = testedIn('tests/api/quarantine.http.test.ts');

/** Every way from outside into a workflow or an activity. Who may use them is a matter of access to the namespace. */
export const waysInBy = {
  'A signal': [
    {
      does: 'of an unknown name',
      becomes: 'quarantined as UNKNOWN_EVENT',
      guard: mailbox,
      test: junk('a signal that is no event'),
    },
    {
      does: 'of a name that the SDK refuses, such as `__temporal_x`',
      becomes: 'quarantined as UNKNOWN_EVENT, under that name',
      guard: interceptors,
      test: poison('a signal whose name the SDK keeps for itself'),
    },
    {
      does: 'of the name of a query of the SDK, such as `__stack_trace`',
      becomes: 'quarantined as UNKNOWN_EVENT',
      guard: mailbox,
      test: poison('a signal named like a query of the SDK'),
    },
    {
      does: 'of a very long name',
      becomes: 'quarantined as UNKNOWN_EVENT, under the first 200 characters',
      guard: mailbox,
      test: poison('a signal with the longest name'),
    },
    {
      does: 'of bytes that are not what they claim to be',
      becomes: 'quarantined as UNDECODABLE, with the bytes',
      guard: converter,
      test: poison('bytes that are not JSON'),
    },
    {
      does: 'nested deeper than 64 levels, under any name',
      becomes: 'quarantined as UNDECODABLE',
      guard: converter,
      test: poison('an event nested 20,000 levels deep'),
    },
    {
      does: 'larger than 256 KiB, under any name',
      becomes: 'quarantined as UNDECODABLE',
      guard: converter,
      test: poison('an event of 2 MiB'),
    },
    {
      does: 'of thousands of payloads',
      becomes: 'quarantined with the first ten',
      guard: 'core/worker.ts',
      test: poison('an event of a million payloads'),
    },
    {
      does: 'of an event’s name, with no payload, several, or one that is no object',
      becomes: 'quarantined as NOT_ONE_PAYLOAD',
      guard: mailbox,
      test: junk('an event that is no object'),
    },
    {
      does: 'that breaks the event’s schema',
      becomes: 'quarantined as SCHEMA',
      guard: inspection,
      test: junk('an event that breaks its schema'),
    },
    {
      does: 'of another order’s event',
      becomes: 'quarantined as OTHER_SAGA',
      guard: inspection,
      test: junk('an event of another order'),
    },
    {
      does: 'of an event that nobody has journaled',
      becomes: 'quarantined as NOT_IN_JOURNAL',
      guard: inspection,
      test: junk('an event that the journal does not know'),
    },
    {
      does: 'of a journaled event with other content, or one that is not addressed to the service',
      becomes: 'quarantined as OTHER_CONTENT or NOT_ADDRESSED',
      guard: inspection,
      test: junk('late events to closed participants: repeats change nothing, others are quarantined'),
    },
    {
      does: 'of an event that the wrong service has journaled',
      becomes: 'quarantined as WRONG_PUBLISHER',
      guard: inspection,
      test: junk('an event journaled by the wrong service has no effect'),
    },
    {
      does: 'while the participant takes its last step',
      becomes: 'handled before the participant closes',
      guard: 'core/workflow/runtime.ts',
      test: junk('a signal that arrives during the last effect of %s (%s) is still handled'),
    },
    {
      does: 'thousands of times',
      becomes: 'each takes the same time, and is told of in reports that Temporal can carry',
      guard: mailbox,
      test: floods('%s: ten times the signals are ten times the work'),
    },
    {
      does: 'so often that the history grows long',
      becomes: 'the run continues as new and loses nothing',
      guard: context,
      test: continued(
        'a payment that is flooded while it waits continues as new, waits on, and is confirmed',
      ),
    },
  ],
  'An Update': [
    {
      does: 'without an argument, with a wrong or deep one, or with a name that cannot be stored',
      becomes: 'refused as INVALID_REQUEST',
      guard: retryGate,
      test: waysIn('an Update with wrong arguments is refused, and the participant stays parked'),
    },
    {
      does: 'whose id cannot be stored',
      becomes: 'refused as INVALID_REQUEST',
      guard: retryGate,
      test: waysIn('an Update whose id cannot be stored is refused'),
    },
    {
      does: 'whose id is that of an event, or was used for another order',
      becomes: 'applied like any other: ids of retries are made from order and Update',
      guard: 'activities/notification.ts',
      test: waysIn('an Update whose id is that of an event to come does not stand in for the event'),
    },
    {
      does: 'while the participant is not parked',
      becomes: 'refused as NOT_PARKED',
      guard: retryGate,
      test: notification('an Update is refused while the run is not parked'),
    },
    {
      does: 'of an unknown name, or to a service that has none',
      becomes: 'refused by the SDK',
      guard: temporal,
      test: waysIn('an unknown Update is refused, whoever runs'),
    },
  ],
  'A query': [
    {
      does: 'of any name, with any arguments',
      becomes: 'answered or refused by the SDK; changes nothing',
      guard: interceptors,
      test: waysIn('a query changes nothing, whatever it is named and given'),
    },
  ],
  'A start': [
    {
      does: 'with anything but the order’s id, a UUID in lower case',
      becomes: 'fails at once as WRONG_START',
      guard: temporal,
      test: waysIn('a start with %s for an order id fails at once, and the next one works'),
    },
    {
      does: 'under the workflow id of another order',
      becomes: 'fails at once as WRONG_START',
      guard: temporal,
      test: waysIn('the id of another order'),
    },
    {
      does: 'with thousands of arguments',
      becomes: 'fails at once as WRONG_START',
      guard: interceptors,
      test: waysIn('a start with 200,000 arguments fails at once'),
    },
    {
      does: 'on the task queue of another service',
      becomes: 'fails at once as WRONG_START',
      guard: temporal,
      test: waysIn("a start on another service's task queue fails at once"),
    },
    {
      does: 'of an unknown workflow type',
      becomes: 'fails at once as WRONG_START',
      guard: 'workflows/index.ts',
      test: waysIn('a start of an unknown workflow type fails at once, and the next one works'),
    },
    {
      does: 'with a memo, headers or a last result that cannot be read',
      becomes: 'runs: nothing reads them',
      guard: converter,
      test: waysIn('a start whose memo and last result cannot be read runs all the same'),
    },
    {
      does: 'of an order that nobody has placed',
      becomes: 'looks at its row, finds none, and closes',
      guard: 'core/workflow/runtime.ts',
      test: waysIn('a start whose memo and last result cannot be read runs all the same'),
    },
  ],
  'A command on a running workflow': [
    {
      does: 'cancels it',
      becomes: 'ignored: half a saga helps nobody',
      guard: temporal,
      test: waysIn('a request to cancel is ignored: the saga goes on'),
    },
    {
      does: 'resets it',
      becomes: 'the new run goes by its row (R1)',
      guard: consumer,
      test: waysIn('a run that is reset to its first task goes by its row'),
    },
    {
      does: 'terminates or deletes it',
      becomes: 'its next event starts it again, and it goes by its row (R5)',
      guard: 'core/activity/delivery.ts',
      test: waysIn('a participant that was terminated is started again by its next event'),
    },
    {
      does: 'completes one of its activities by id with what is no result, or fails it',
      becomes: 'the activity runs again',
      guard: context,
      test: junk('an effect that is %s by hand runs again'),
    },
    {
      does: 'completes one of its activities by id with an event that nobody has journaled',
      becomes: 'there is nothing to publish',
      guard: 'core/activity/outbox.ts',
      test: junk('an effect that is completed by hand with an event of nobody publishes nothing'),
    },
  ],
  'An activity task': [
    {
      does: 'with a forged event, however deep, scheduled by a workflow of somebody else',
      becomes: 'quarantined: the consumer inspects every event itself',
      guard: consumer,
      test: activities('an event nested %i levels deep is quarantined by every effect'),
    },
    {
      does: 'that publishes an event which the journal does not hold',
      becomes: 'delivers nothing',
      guard: 'core/activity/outbox.ts',
      test: activities('an event that the journal does not hold is published to nobody'),
    },
    {
      does: 'whose decision emits an event larger than subscribers take',
      becomes: 'rolled back: nothing is stored',
      guard: consumer,
      test: activities('an event that its subscribers would find too large is not emitted'),
    },
  ],
  'A request to the API': [
    {
      does: 'for a retry, without naming the operator',
      becomes: 'refused with 400',
      guard: 'api/order/post-notification-retry.ts',
      test: retries('the operator has to be named: %j'),
    },
    {
      does: 'for the redrive of a signal that is still wrong',
      becomes: 'refused with 422; nothing is signalled',
      guard: 'api/quarantine/inspect-again.ts',
      test: quarantine('%s: 422 %s, and it stays'),
    },
    {
      does: 'for the redrive of a signal that is nested thousands of levels deep',
      becomes: 'refused with 422; nothing is signalled',
      guard: inspection,
      test: quarantine('nested thousands of levels deep'),
    },
  ],
} as const satisfies Readonly<Record<string, readonly WayIn[]>>;
