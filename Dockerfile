# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Not `npm ci`: see docs/decisions/0004-install-without-npm-ci.md.
RUN npm install --no-save --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --no-save --no-audit --no-fund --omit=dev

FROM node:24-slim
ENV NODE_ENV=production \
    BELFRY_HOST=0.0.0.0 \
    BELFRY_DATABASE=sqlite:/data/belfry.db \
    BELFRY_SEALING_KEY_FILE=/data/sealing.key
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY deploy/container/healthcheck.mjs ./
RUN chmod 755 dist/main.js \
    && ln -s /app/dist/main.js /usr/local/bin/belfry \
    && install --directory --owner=node --group=node --mode=700 /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "/app/healthcheck.mjs"]
ENTRYPOINT ["belfry"]
CMD ["serve"]
