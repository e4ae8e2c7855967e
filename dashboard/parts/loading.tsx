import { useTexts } from '../texts/language.js';

/** Shown while something loads. */
export const Loading = () => (
  <p class="loading" role="status">
    {useTexts().list.loading}
  </p>
);
