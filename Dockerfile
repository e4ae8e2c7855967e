# One image for every program of the project; the command chooses, such as `dist/bin/worker.js payment`.

FROM node:24.21.0-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:24.21.0-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are the embedded PostgreSQL and the workflow bundler, which the build has run. Temporal's package
# holds a native library for each platform; one is enough.
RUN npm ci --omit=dev --omit=optional --ignore-scripts \
  && npm cache clean --force \
  && cd node_modules/@temporalio/core-bridge/releases \
  && find . -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} + \
  && node -e "require('@temporalio/worker')"

FROM node:24.21.0-trixie-slim
ENV NODE_ENV=production
WORKDIR /app
RUN install --directory --owner=node --group=node /data
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /build/dist ./dist
USER node
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "dist/bin/healthcheck.js"]
ENTRYPOINT ["node"]
CMD ["dist/bin/api.js"]
