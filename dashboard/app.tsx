import { useEffect, useRef } from 'preact/hooks';
import { FaultsView } from './faults/faults-view.js';
import { MailsView } from './mails/mails-view.js';
import { LazyMonitoringView } from './monitoring/lazy-monitoring-view.js';
import { OperatorsView } from './operators/operators-view.js';
import { OrderView } from './order/order-view.js';
import { OrderListProvider } from './orders/kept-list.js';
import { OrdersView } from './orders/orders-view.js';
import { BurstProgress, PlacingProvider } from './orders/placing.js';
import { hrefOf, useRoute, type Route } from './router.js';
import { Announcer } from './shell/announcer.js';
import { ConnectionProvider } from './shell/connection.js';
import { Header } from './shell/header.js';
import { FaultsBanner, useWatch, WatchProvider } from './shell/watch.js';
import { ShopProvider } from './shop/shop.js';
import { ShopView } from './shop/shop-view.js';
import type { Texts } from './texts/en.js';
import { shortId } from './texts/formats.js';
import { LanguageProvider, useTexts } from './texts/language.js';

/** The whole page. */
export const App = () => (
  <LanguageProvider>
    <Announcer>
      <ConnectionProvider>
        <ShopProvider>
          <PlacingProvider>
            <WatchProvider>
              <Routed />
            </WatchProvider>
          </PlacingProvider>
        </ShopProvider>
      </ConnectionProvider>
    </Announcer>
  </LanguageProvider>
);

function Routed() {
  const route = useRoute();
  return (
    <OrderListProvider route={route}>
      <Page route={route} />
    </OrderListProvider>
  );
}

function Page({ route }: { readonly route: Route }) {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const place = route.view === 'order' ? route.orderId : route.view;
  // A new view starts at its top, with the focus there; the list of orders goes on where the reader was.
  useEffect(() => {
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    if (!isFirst.current && route.view !== 'orders') scrollTo(0, 0);
    isFirst.current = false;
  }, [place]);
  const texts = useTexts();
  const { shell } = texts;
  const { needAPerson } = useWatch();
  useEffect(() => {
    const title = titleOf(route, texts);
    document.title = needAPerson === 0 ? title : `(${needAPerson}) ${title}`;
  }, [place, texts, needAPerson]);
  const skip = (event: Event) => {
    event.preventDefault();
    main.current?.focus();
  };
  return (
    <>
      <a class="skip-link" href="#main" onClick={skip}>
        {shell.skip}
      </a>
      <Header view={route.view} />
      <main ref={main} id="main" class="main" tabIndex={-1}>
        <FaultsBanner />
        <BurstProgress />
        <View route={route} />
      </main>
    </>
  );
}

function titleOf(route: Route, texts: Texts): string {
  const { name } = texts.shell;
  if (route.view === 'unknown') return name;
  const title = route.view === 'order' ? texts.order.title(shortId(route.orderId)) : texts.views[route.view];
  return `${title} · ${name}`;
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'orders':
      return <OrdersView />;
    case 'order':
      return <OrderView key={route.orderId} orderId={route.orderId} />;
    case 'shop':
      return <ShopView />;
    case 'mails':
      return <MailsView orderId={route.query.get('orderId')} />;
    case 'operators':
      return <OperatorsView query={route.query} />;
    case 'monitoring':
      return <LazyMonitoringView />;
    case 'faults':
      return <FaultsView />;
    case 'unknown':
      return <Unknown />;
  }
}

function Unknown() {
  const { shell } = useTexts();
  return (
    <section class="empty">
      <h1>{shell.unknownView}</h1>
      <a class="button" href={hrefOf('orders')}>
        {shell.toOrders}
      </a>
    </section>
  );
}
