import { Icon } from '../parts/icon.js';
import type { IconName } from '../parts/icon-paths.js';
import { hrefOf, mainViews, type MainView, type ViewName } from '../router.js';
import type { Language } from '../texts/en.js';
import { languages, useLanguage, useTexts } from '../texts/language.js';
import { useConnection } from './connection.js';
import { themes, useTheme, type Theme } from './theme.js';
import { useWatch } from './watch.js';

/** The name, the navigation, and the settings of the page. */
export function Header({ view }: { readonly view: ViewName }) {
  const { shell } = useTexts();
  return (
    <header class="header">
      <a class="brand" href={hrefOf('orders')}>
        <BrandMark />
        <span>{shell.name}</span>
      </a>
      <Navigation view={view} />
      <div class="header-tools">
        <ConnectionState />
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** Services, and the lines between them. */
const BrandMark = () => (
  <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M9 9h14M9 16h7M9 23h14" />
    <circle cx="9" cy="9" r="3.2" />
    <circle cx="23" cy="9" r="3.2" />
    <circle cx="16" cy="16" r="3.2" />
    <circle cx="23" cy="23" r="3.2" />
  </svg>
);

function Navigation({ view }: { readonly view: ViewName }) {
  const texts = useTexts();
  const isCurrent = (name: MainView) => name === view || (name === 'orders' && view === 'order');
  return (
    <nav class="navigation" aria-label={texts.shell.navigation}>
      {mainViews.map((name) => (
        <a key={name} href={hrefOf(name)} aria-current={isCurrent(name) ? 'page' : undefined}>
          <Icon name={name} />
          <span>{texts.views[name]}</span>
          {name === 'operators' && <NeedAPerson />}
        </a>
      ))}
    </nav>
  );
}

function NeedAPerson() {
  const { shell } = useTexts();
  const { needAPerson } = useWatch();
  if (needAPerson === 0) return null;
  return (
    <span class="count numbers" title={shell.needAPerson(needAPerson)}>
      {needAPerson}
      <span class="for-screen-readers"> {shell.needAPerson(needAPerson)}</span>
    </span>
  );
}

function ConnectionState() {
  const { shell } = useTexts();
  const connection = useConnection();
  return (
    <p class={`connection connection-${connection ?? 'none'}`} role="status">
      {connection && (
        <>
          <span class="connection-dot" aria-hidden="true" />
          <span class="connection-text">{shell.connections[connection]}</span>
        </>
      )}
    </p>
  );
}

function LanguageSwitch() {
  const { shell } = useTexts();
  const { language, choose } = useLanguage();
  return (
    <div class="segments" role="group" aria-label={shell.switchLanguage}>
      {(Object.keys(languages) as Language[]).map((name) => (
        <button
          key={name}
          type="button"
          lang={name}
          title={languages[name].language}
          aria-pressed={name === language}
          onClick={() => choose(name)}
        >
          {name === 'en' ? 'EN' : '한'} <span class="for-screen-readers">{languages[name].language}</span>
        </button>
      ))}
    </div>
  );
}

const themeIcons: Readonly<Record<Theme, IconName>> = { system: 'system', light: 'sun', dark: 'moon' };

/** One button that cycles through system, light and dark. */
function ThemeSwitch() {
  const { shell } = useTexts();
  const { theme, choose } = useTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const label = `${shell.theme}: ${shell.themes[theme]}`;
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={() => choose(next)}>
      <Icon name={themeIcons[theme]} />
    </button>
  );
}
