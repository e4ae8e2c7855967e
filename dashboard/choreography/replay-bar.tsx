import { Icon } from '../parts/icon.js';
import { useTexts } from '../texts/language.js';
import { speeds, type Replay } from './use-replay.js';

interface Props {
  readonly replay: Replay;
  readonly bottom: number;
  /** How far into the story that is, for screen readers. */
  readonly shown: string;
}

/** Play, pause, a slider over the whole story, and the speed. */
export function ReplayBar({ replay, bottom, shown }: Props) {
  const { replay: words } = useTexts();
  const { row, isPlaying, speed } = replay;
  const playLabel = row === null ? words.play : words.resume;
  return (
    <div class="replay" role="group" aria-label={words.title}>
      <button type="button" class="button replay-play" onClick={isPlaying ? replay.pause : replay.play}>
        <Icon name={isPlaying ? 'pause' : 'play'} />
        {isPlaying ? words.pause : playLabel}
      </button>
      <input
        type="range"
        class="replay-position"
        aria-label={words.position}
        aria-valuetext={shown}
        min={0}
        max={Math.ceil(bottom)}
        step={10}
        value={row ?? bottom}
        onInput={(event) => replay.goTo(event.currentTarget.valueAsNumber)}
      />
      <div class="segments" role="group" aria-label={words.speed}>
        {speeds.map((one) => (
          <button key={one} type="button" aria-pressed={one === speed} onClick={() => replay.setSpeed(one)}>
            {one === 0.5 ? '½' : one}×
          </button>
        ))}
      </div>
      {row !== null && (
        <button type="button" class="text-button" onClick={replay.goLive}>
          {words.live}
        </button>
      )}
    </div>
  );
}
