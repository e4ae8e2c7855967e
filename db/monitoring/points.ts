import { counts, countsByLabel, shares } from './counts.js';
import type { Described } from './point.js';
import { records, states } from './records.js';
import { steps } from './steps.js';

export type StepName = keyof typeof steps;
export type CountName = keyof typeof counts;
export type LabelledCountName = keyof typeof countsByLabel;
export type ShareName = keyof typeof shares;
export type RecordName = keyof typeof records;
export type StateName = keyof typeof states;

/** All monitoring points, in the order in which they are shown. */
export const points: Readonly<Record<string, Described>> = {
  ...steps,
  ...counts,
  ...countsByLabel,
  ...shares,
  ...records,
  ...states,
};
