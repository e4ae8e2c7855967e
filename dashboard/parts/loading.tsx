import { useTexts } from '../texts/language.js';

/** Stands where something is being loaded. */
export const Loading = () => (
  <p class="loading" role="status">
    {useTexts().list.loading}
  </p>
);
