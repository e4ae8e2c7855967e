import { createRequire } from 'node:module';
import path from 'node:path';
import { Router } from 'express';

/** Loads everything from this origin, and has no inline script. */
export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Order saga: the API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <main id="docs"></main>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** Without `validatorUrl: null` the viewer would send the document to an outside validator. */
const startScript = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'list',
  validatorUrl: null,
});
`;

const viewerFolder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** The viewer's files, except for its own page, which shows a sample API. */
export function docsFiles(): Router {
  const router = Router();
  router.use('/docs', (_, response, next) => {
    response.set('Cache-Control', 'no-cache');
    next();
  });
  router.use('/docs/start.js', (_, response) => void response.type('text/javascript').send(startScript));
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    router.use(`/docs/${file}`, (_, response) => response.sendFile(file, { root: viewerFolder }));
  return router;
}
