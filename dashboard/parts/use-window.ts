import {
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
  type VirtualItem,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

interface Options {
  readonly count: number;
  readonly keyOf: (index: number) => string;
  /** What an item is expected to take, in pixels, until it is measured. */
  readonly expectedHeight: number;
  /** How far the page is to be scrolled at first, and what `measuredSoFar` gave when it was. */
  readonly begin: { readonly scrollY: number; readonly measured: VirtualItem[] };
}

/** Of a long list that scrolls with the page: the items to draw, and the room that all others take. */
export function useWindow({ count, keyOf, expectedHeight, begin }: Options) {
  const list = useRef<HTMLUListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const options = {
    ...onThePage,
    count,
    scrollMargin,
    getItemKey: keyOf,
    estimateSize: () => expectedHeight,
    initialOffset: begin.scrollY,
    initialMeasurementsCache: begin.measured,
    onChange: () => draw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<Window, HTMLLIElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => {
    if (list.current) setScrollMargin(Math.round(list.current.getBoundingClientRect().top + scrollY));
  });
  const items = virtualizer.getVirtualItems();
  return {
    list,
    items,
    above: (items[0]?.start ?? scrollMargin) - scrollMargin,
    below: virtualizer.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin),
    measure: virtualizer.measureElement,
    /** To begin with when the list is drawn again. */
    measuredSoFar: () => virtualizer.takeSnapshot(),
  };
}

const onThePage = {
  overscan: 8,
  getScrollElement: () => window,
  observeElementRect: observeWindowRect,
  observeElementOffset: observeWindowOffset,
  scrollToFn: windowScroll,
};
