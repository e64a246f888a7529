# One program, two images: `server` is our own server, `functions` the Azure Functions host. docs/docker.md tells how to use them.
# The base images are arguments, for a mirror or a pinned digest.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG DEBIAN_IMAGE=debian:bookworm-slim
ARG FUNCTIONS_IMAGE=mcr.microsoft.com/azure-functions/node:4-node24

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Node is here already and the compiler needs no install script, so none is run
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY cli cli
COPY containers containers
COPY dashboard dashboard
COPY demo demo
COPY functions functions
COPY server server
COPY shared shared
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json && rm -f dist/.tsbuildinfo \
  && node node_modules/vite/bin/vite.js build dashboard

# What runs: better-sqlite3 brings a binary for every platform, of which one is kept; ssh2's optional native parts gain nothing
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
  && find node_modules/better-sqlite3/prebuilds -type f ! -name "linux-$(node -p process.arch).node" -delete \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
  && rm package-lock.json

# Debian with the Node binary alone: npm and yarn, which nothing here runs, would make it 30 MB larger
FROM ${DEBIAN_IMAGE} AS server
COPY --from=build /usr/local/bin/node /usr/local/bin/node
RUN groupadd --gid 1000 spendcloud \
  && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /data --shell /usr/sbin/nologin spendcloud \
  && install --directory --owner=1000 --group=1000 --mode=0700 /data \
  && install --directory /config \
  && ln -s /app/bin/spendcloud.js /usr/local/bin/spendcloud
COPY --from=packages /app /app
COPY --from=build /build/dist /app/dist
COPY bin /app/bin
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=7071 \
    DATA_DIR=/data
# a connector.json that is mounted here is found without a setting
WORKDIR /config
USER 1000:1000
VOLUME /data
EXPOSE 7071
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/dist/containers/healthcheck.js"]
CMD ["node", "/app/bin/spendcloud.js", "start"]

FROM ${FUNCTIONS_IMAGE} AS functions
# the host's clock needs the zones for TZ; the schedule itself does not depend on it
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=packages /app /home/site/wwwroot
COPY --from=build /build/dist /home/site/wwwroot/dist
COPY bin /home/site/wwwroot/bin
COPY host.json /home/site/wwwroot/
# The host's own keys lie in files: by default it checks every key against its storage account first, also for functions that need none,
# and answers nothing while that is down. It buffers a body before we see its key, so no body is let in that we would refuse.
# More than one worker process helps nobody with SQLite.
ENV NODE_ENV=production \
    DATA_DIR=/data \
    AzureFunctionsWebHost__hostid=spendcloud \
    AzureFunctionsJobHost__Logging__Console__IsEnabled=true \
    AzureWebJobsDisableHomepage=true \
    AzureWebJobsSecretStorageType=files \
    FUNCTIONS_SECRETS_PATH=/tmp/functions-secrets \
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT=4300000 \
    FUNCTIONS_ENABLE_DRAIN_ON_APP_STOPPING=true \
    FUNCTIONS_WORKER_PROCESS_COUNT=1
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1/api/live"]
# The host itself: the image's start script does not pass signals on. On .NET 8 SIGTERM does nothing to it; SIGINT ends it with every call answered.
STOPSIGNAL SIGINT
CMD ["/azure-functions-host/Microsoft.Azure.WebJobs.Script.WebHost"]
