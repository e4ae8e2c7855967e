import type { Patch } from '../../../core/simulation/build.js';

/**
 * A change that needs a patch, worked out: Inventory looks at its row before it reserves. In the product it would be
 * these lines in `workflows/inventory.ts`, and in `workflows/patches.ts`:
 *
 *     'inventory-looks-first': {
 *       since: '1.1.0',
 *       before: 'Inventory reserves at once',
 *       reason: '…',
 *       example: '1.0.0/completed.inventory.json',
 *     },
 */
export const EXAMPLE_PATCH = 'inventory-looks-first';

const reserves = {
  file: 'workflows/inventory.ts',
  find: 'return (await context.once.reserve(event))',
};

export const withPatch: Patch = {
  ...reserves,
  replace: `if (context.isPatched('${EXAMPLE_PATCH}')) await context.ensure.look(null);
      return (await context.once.reserve(event))`,
};

/** The same change, made as if no history of before were left. */
export const withoutPatch: Patch = {
  ...reserves,
  replace: `await context.ensure.look(null);
      return (await context.once.reserve(event))`,
};
