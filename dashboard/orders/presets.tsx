import { useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { KeptKey } from '../api/kept-key.js';
import { asProblem, type ApiProblem } from '../api/request.js';
import { Icon } from '../parts/icon.js';
import type { IconName } from '../parts/icon-paths.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { go, orderHref } from '../router.js';
import { useShop } from '../shop/shop.js';
import { useTexts } from '../texts/language.js';

/** Three orders of the demo data that end in three ways. */
const presets = [
  { name: 'completes', customerId: 'alice', sku: 'mouse', icon: 'check', tone: 'done' },
  { name: 'fails', customerId: 'bob', sku: 'mouse', icon: 'cross', tone: 'failed' },
  { name: 'refunds', customerId: 'alice', sku: 'figurine', icon: 'undo', tone: 'undone' },
] as const satisfies readonly {
  name: string;
  customerId: string;
  sku: string;
  icon: IconName;
  tone: string;
}[];

type Preset = (typeof presets)[number];

/** Places one of them and opens it. Shown only if the shop has the demo data. */
export function Presets() {
  const { orders } = useTexts();
  const shop = useShop().value;
  const [pressed, setPressed] = useState<Preset>();
  const [isPlacing, setPlacing] = useState(false);
  const [key] = useState(() => new KeptKey());
  const [problem, setProblem] = useState<ApiProblem>();
  const possible = presets.filter(
    ({ customerId, sku }) =>
      shop?.customers.some((one) => one.customerId === customerId) &&
      shop.products.some((one) => one.sku === sku),
  );
  const place = async (preset: Preset) => {
    const { customerId, sku } = preset;
    const order = { customerId, items: [{ sku, quantity: 1 }] };
    setPressed(preset);
    setPlacing(true);
    setProblem(undefined);
    try {
      const { orderId } = await key.send(order, (itsKey) => api.placeOrder(order, itsKey));
      go(orderHref(orderId));
    } catch (error) {
      setProblem(asProblem(error));
      setPlacing(false);
    }
  };
  return (
    <>
      <div class="presets" role="group" aria-label={orders.presets}>
        {possible.map((preset) => (
          <button
            key={preset.name}
            type="button"
            class={`preset preset-${preset.tone}`}
            disabled={isPlacing}
            aria-busy={isPlacing && pressed === preset}
            onClick={() => void place(preset)}
          >
            <span class="preset-icon">
              <Icon name={preset.icon} />
            </span>
            <span class="preset-text">
              <strong>{orders.preset[preset.name].title}</strong>
              <span>{orders.preset[preset.name].text}</span>
            </span>
            <Icon name="arrow" class="preset-go" />
          </button>
        ))}
      </div>
      {problem && <ProblemNotice problem={problem} onRepeat={() => pressed && void place(pressed)} />}
    </>
  );
}
