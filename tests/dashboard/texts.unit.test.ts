import { expect, test } from 'vitest';
import { quarantineReasons } from '../../core/activity/inspection.js';
import { en } from '../../dashboard/texts/en.js';
import { ko } from '../../dashboard/texts/ko.js';

test.each([en, ko])(
  '$language: every reason for quarantine is told in words',
  ({ quarantineReasons: words }) => {
    expect(Object.keys(words)).toEqual([...quarantineReasons]);
  },
);
