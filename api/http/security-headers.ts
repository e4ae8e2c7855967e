import helmet from 'helmet';

/**
 * Helmet's defaults, but for three. The pages here need nothing from elsewhere, so the policy names this origin alone,
 * with no exception for inline styles; `data:` images are for the documentation's viewer. Nothing here is to be framed.
 * There is no HTTPS at this port, so neither is the browser told to insist on it.
 */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
});
