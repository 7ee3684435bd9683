# The server over Streamable HTTP for a team: see docs/install.md. Nothing is written outside /data, so the root may be read-only.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY scripts scripts
COPY src src
COPY tools tools
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production XDG_DATA_HOME=/data PACHCA_AUDIT_EXPORT_DIR=/data/exports
# The image has the user "node" (1000); nobody else may read exports, journal and store.
RUN install -d -o node -g node -m 0700 /data
COPY LICENSE /app/
COPY --from=build /build/dist /app/dist
USER node
WORKDIR /data
VOLUME /data
EXPOSE 3333
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["node", "-e", "fetch('http://127.0.0.1:3333/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
# On all addresses of the container; without PACHCA_AUDIT_HTTP_TOKEN or PACHCA_AUDIT_HTTP_TOKEN_FILE the start is refused.
CMD ["serve", "--http", "--host", "0.0.0.0"]
