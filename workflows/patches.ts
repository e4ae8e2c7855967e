/**
 * Every change of what a participant asks Temporal for, in the order of their release. A history that was written
 * before a change has no marker of it, and replays as before; from the first new step on, the change holds. A
 * participant asks `context.isPatched(name)`, and only names in here compile.
 *
 * Empty so far: nothing has been released, so there is no history of before (docs/decisions/0023). Append only from
 * version 1.0.0 on: a patch keeps its name for as long as a history may be replayed with or without its marker. A
 * change of rules, effects or SQL needs none, since only the order of effects, waits and timers is in the histories.
 */
export const patches = {} as const satisfies Readonly<Record<string, Patch>>;

export type PatchName = keyof typeof patches;

export interface Patch {
  /** The release that brought it. */
  readonly since: string;
  /** What a history without the marker does. */
  readonly before: string;
  readonly reason: string;
  /** A history of before, relative to `tests/histories`; it has to replay for as long as the patch is here. */
  readonly example: string;
}
