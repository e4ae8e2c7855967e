/** The heading of a view, and one sentence on what it is for. */
export const ViewHead = ({ title, lead }: { readonly title: string; readonly lead: string }) => (
  <section class="view-head">
    <h1>{title}</h1>
    <p class="lead">{lead}</p>
  </section>
);
