import { useClock } from '../shell/clock.js';
import { formatAge, formatTime } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';

/** How long ago something was, with the exact time as a tooltip. */
export function Age({ at, bare = false }: { readonly at: string; readonly bare?: boolean }) {
  const texts = useTexts();
  const span = formatAge(useClock(1_000) - Date.parse(at), texts);
  return (
    <time dateTime={at} title={formatTime(at, texts)} class="numbers">
      {bare ? span : texts.time.ago(span)}
    </time>
  );
}
