import { services, type Service } from '../../schemas/services.js';
import type { Language } from '../texts/en.js';
import { plainWords } from '../texts/plain-words.js';
import type { IconName } from './icon-paths.js';

/** How a service appears. */
export interface ServiceLook {
  readonly name: Readonly<Record<Language, string>>;
  readonly icon: IconName;
  /** A colour of `styles/tokens.css`. */
  readonly colour: `--${string}`;
}

/** The look of each service. One that is missing here gets its own name, a plain icon and a spare colour. */
const looks: Readonly<Record<string, ServiceLook>> = {
  order: { name: { en: 'Order', ko: '주문' }, icon: 'cart', colour: '--blue' },
  payment: { name: { en: 'Payment', ko: '결제' }, icon: 'wallet', colour: '--violet' },
  inventory: { name: { en: 'Inventory', ko: '재고' }, icon: 'box', colour: '--teal' },
  notification: { name: { en: 'Notification', ko: '알림' }, icon: 'mails', colour: '--pink' },
} satisfies Partial<Record<Service, ServiceLook>>;

const spareColours = ['--sky', '--olive', '--plum', '--slate'] as const;

export function lookOf(service: string): ServiceLook {
  const look = Object.hasOwn(looks, service) ? looks[service] : undefined;
  return look ?? plainLook(service);
}

function plainLook(service: string): ServiceLook {
  const name = plainWords(service);
  const others: readonly string[] = services.filter((one) => !Object.hasOwn(looks, one));
  const index = Math.max(0, others.indexOf(service)) % spareColours.length;
  return { name: { en: name, ko: name }, icon: 'service', colour: spareColours[index] ?? '--slate' };
}

/** Sets the tone of an element of class `of-service`, and of everything in it. */
export const inColourOf = (service: string) => ({ '--service': `var(${lookOf(service).colour})` });
