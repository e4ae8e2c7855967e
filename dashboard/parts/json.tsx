/** A JSON value as text, with its own scroll bar. */
export const Json = ({ value, label }: { readonly value: unknown; readonly label: string }) => (
  <pre class="json" tabIndex={0} role="region" aria-label={label}>
    <code>{JSON.stringify(value, null, 2)}</code>
  </pre>
);
