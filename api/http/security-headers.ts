import helmet from 'helmet';

/**
 * Helmet's defaults, except for three. The content security policy allows this origin alone, without inline styles; the
 * `data:` images are for the documentation viewer. Framing is denied. HSTS is off, because this port speaks plain HTTP.
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
