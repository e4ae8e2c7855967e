import type { PointName } from '../../../db/monitoring/point-names.js';
import { counts, countsByLabel, shares } from './counts.js';
import type { Point } from './point.js';
import { records, states } from './records.js';
import { steps } from './steps.js';

/** All monitoring points, in the sequence in which they are shown. */
export const points: Readonly<Record<PointName, Point>> = {
  ...steps,
  ...counts,
  ...countsByLabel,
  ...shares,
  ...records,
  ...states,
};
