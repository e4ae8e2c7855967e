import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Builds the dashboard into files with hashed names, none of them inlined: the page allows no inline code or style. */
export default defineConfig({
  root: fileURLToPath(new URL('dashboard', import.meta.url)),
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // `npx vite` shows changes at once; all that is not the page comes from a running API.
  server: {
    proxy: {
      '^/(orders|events|products|customers|wallets|stock|contacts|notifications|mails|attention|quarantine|operator-actions|stats|faults)':
        'http://127.0.0.1:3000',
    },
  },
});
