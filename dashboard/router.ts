import { useEffect, useState } from 'preact/hooks';

/** What the URL's hash asks for. Each view has its own query, so a filtered list can be linked to. */
export type Route = { readonly query: URLSearchParams } & (
  | { readonly view: 'orders' }
  | { readonly view: 'order'; readonly orderId: string }
  | { readonly view: 'shop' | 'mails' | 'operators' | 'monitoring' | 'faults' }
  | { readonly view: 'unknown' }
);

export type ViewName = Route['view'];

/** The views in the navigation, in its order. */
export const mainViews = ['orders', 'shop', 'mails', 'operators', 'monitoring', 'faults'] as const;
export type MainView = (typeof mainViews)[number];

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split('?');
  const query = new URLSearchParams(search);
  const [first = '', second, ...more] = path.split('/').filter((part) => part !== '');
  if (more.length > 0) return { view: 'unknown', query };
  if (first === '' || (first === 'orders' && second === undefined)) return { view: 'orders', query };
  if (first === 'orders' && second !== undefined)
    return { view: 'order', orderId: second.toLowerCase(), query };
  const view = mainViews.find((name) => name === first);
  return view && second === undefined ? { view, query } : { view: 'unknown', query };
}

export const hrefOf = (view: MainView, query: Readonly<Record<string, string>> = {}): string => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${view}${search === '' ? '' : `?${search}`}`;
};

export const orderHref = (orderId: string): string => `#/orders/${orderId}`;

export const go = (href: string): void => void (location.hash = href);

/** The current route; re-renders when it changes. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return parseRoute(hash);
}
