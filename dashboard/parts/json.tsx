/** A JSON value as text; the page scrolls inside it, not beside it. */
export const Json = ({ value, label }: { readonly value: unknown; readonly label: string }) => (
  <pre class="json" tabIndex={0} role="region" aria-label={label}>
    <code>{JSON.stringify(value, null, 2)}</code>
  </pre>
);
