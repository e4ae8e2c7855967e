import type { counts, countsByLabel, shares } from './counts.js';
import type { records, states } from './records.js';
import type { steps } from './steps.js';

export type StepName = keyof typeof steps;
export type CountName = keyof typeof counts;
export type LabelledCountName = keyof typeof countsByLabel;
export type ShareName = keyof typeof shares;
export type RecordName = keyof typeof records;
export type StateName = keyof typeof states;

/** What each monitoring point means and where it is shown: `api/monitoring/points`. */
export type PointName = StepName | CountName | LabelledCountName | ShareName | RecordName | StateName;
