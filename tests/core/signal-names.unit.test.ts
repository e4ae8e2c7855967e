import { expect, test } from 'vitest';
import { acceptableName, originalName } from '../../core/workflow/signal-names.js';

test.each([
  ['', '~'],
  ['~', '~~'],
  ['__temporal_', '~__temporal_'],
  ['__temporal_x', '~__temporal_x'],
  ['~__temporal_x', '~~__temporal_x'],
  ['~~__temporal_x', '~~~__temporal_x'],
])('%j reaches the SDK as %j, and the mailbox as it was', (name, acceptable) => {
  expect(acceptableName(name)).toBe(acceptable);
  expect(originalName(acceptable)).toBe(name);
});

test.each(['OrderCreatedEvent', '__stack_trace', 'toString', '~x', 'x~', ' __temporal_x', '_'])(
  '%j is passed on as it is',
  (name) => {
    expect(acceptableName(name)).toBe(name);
    expect(originalName(name)).toBe(name);
  },
);
