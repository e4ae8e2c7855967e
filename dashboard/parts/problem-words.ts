import type { ApiProblem } from '../api/request.js';
import type { Texts } from '../texts/en.js';

/** Problems whose detail says more than their name. */
const SAYS_WHY: ReadonlySet<string> = new Set(['event-still-invalid']);

/** Explains a problem in the language of the page. A type the page does not know is shown as it came. */
export function explainProblem(problem: ApiProblem, texts: Texts): string {
  const { status, document, places } = problem;
  const words = texts.problem;
  if (problem.isOutcomeUnknown) return words.types['outcome-unknown'];
  if (status === 0) return words.unreachable;
  // A proxy responds without a problem document while the API is down.
  if (!document) return words.types.unavailable;
  const name = document.type.replace(/^\/problems\//, '');
  const fields = [...new Set(places.flatMap((place) => fieldAt(place, texts) ?? []))];
  if (name === 'malformed-request' && fields.length > 0) return words.malformed(fields);
  const known: Readonly<Record<string, string>> = words.types;
  const inWords = known[name];
  if (inWords === undefined) return `${document.title}. ${document.detail ?? ''}`;
  return SAYS_WHY.has(name) && document.detail !== undefined ? `${inWords} (${document.detail})` : inWords;
}

/** The same for one field of a form; undefined unless the API names this field. */
export const problemAt = (
  problem: ApiProblem | undefined,
  place: string,
  texts: Texts,
): string | undefined => (problem?.places.includes(place) ? explainProblem(problem, texts) : undefined);

/** The label of the field at a place, if there is one. */
function fieldAt(place: string, { orders, operators, faults }: Texts): string | undefined {
  const names: Readonly<Record<string, string>> = {
    customerId: orders.form.customer,
    sku: orders.form.product,
    quantity: orders.form.quantity,
    orderId: orders.filter.search,
    id: orders.filter.search,
    status: orders.filter.status,
    reason: orders.filter.reason,
    from: orders.filter.from,
    to: orders.filter.to,
    refusals: faults.refusals,
    maxDelayMs: faults.maxDelay,
    Operator: operators.confirm.name,
  };
  return names[place.slice(place.lastIndexOf('/') + 1)];
}
