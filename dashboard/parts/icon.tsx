import { iconPaths, type IconName } from './icon-paths.js';

/** An icon beside words that say the same: screen readers skip it. */
export const Icon = ({
  name,
  class: className = '',
}: {
  readonly name: IconName;
  readonly class?: string;
}) => (
  <svg class={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true">
    <path d={iconPaths[name]} />
  </svg>
);

/** The same icon inside another drawing, around a point. */
export const IconAt = ({ name, x, y, size }: { name: IconName; x: number; y: number; size: number }) => (
  <path
    class="icon-path"
    d={iconPaths[name]}
    transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 16})`}
  />
);
