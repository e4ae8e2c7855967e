import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { Router, type Response } from 'express';

/** Where `npm run build:dashboard` puts the page. */
const builtFiles = fileURLToPath(new URL('../dashboard/dist', import.meta.url));

const FOR_EVER = 'public, max-age=31536000, immutable';

/** The page at `/`. Its assets are named by content, so clients may cache them for ever; the page itself they may not. */
export function dashboardFiles(folder = builtFiles): Router {
  const router = Router();
  router.use('/assets', compression());
  const assets = express.static(path.join(folder, 'assets'), {
    index: false,
    redirect: false,
    fallthrough: true,
    setHeaders: (response) => response.setHeader('Cache-Control', FOR_EVER),
  });
  router.use('/assets', assets);
  router.get('/', (_, response) => sendPage(response, folder));
  return router;
}

function sendPage(response: Response, folder: string): void {
  if (existsSync(path.join(folder, 'index.html'))) {
    // An absolute path would be refused if any folder above began with a dot.
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder });
    return;
  }
  response.status(404).type('text/plain');
  response.send(
    'The dashboard is not built. Run `npm run build:dashboard`, or start the system with `npm start`.\n',
  );
}
