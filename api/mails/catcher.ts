import type { OrderId } from '../../schemas/ids.js';
import { unavailable } from '../http/problem.js';

/** Asks the mail catcher about the mails of these orders, or of all where none is named. Rejects where it is away. */
export async function askCatcher(
  mailCatcherUrl: string,
  method: 'GET' | 'DELETE',
  orderIds: readonly OrderId[],
): Promise<unknown> {
  const url = new URL(mailCatcherUrl);
  for (const orderId of orderIds) url.searchParams.append('orderId', orderId);
  try {
    const response = await fetch(url, { method, signal: AbortSignal.timeout(2_000) });
    if (response.ok) return await response.json();
  } catch (error) {
    throw unavailable('the mail catcher is unreachable', error);
  }
  throw unavailable('the mail catcher does not respond as expected');
}
