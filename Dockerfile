# Two stages: the first builds the engine, scripts and styles; the second runs, without a way to build.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
# `base` leaves out what only a bucket for private files needs.
ARG REQUIREMENTS=s3
COPY requirements/ requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/${REQUIREMENTS}.txt
ENV PATH=/venv/bin:$PATH
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run --silent build && python -m document.build && python -m compileall -q -j 0 .

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="Countersign" org.opencontainers.image.licenses="AGPL-3.0-or-later"
# bubblewrap confines the converters further than limits alone, where the host lets it. Its version is Debian's
# newest: an image is built anew for security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 countersign \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin countersign \
    && install -d -o countersign -g countersign /data /data/private /data/public /data/static /data/metrics
COPY --from=build /venv /venv
WORKDIR /app
COPY --from=build /app/manage.py /app/LICENSE /app/package-lock.json ./
COPY --from=build /app/config config
COPY --from=build /app/release release
COPY --from=build /app/review review
COPY --from=build /app/brief brief
COPY --from=build /app/accounts accounts
COPY --from=build /app/ledger ledger
COPY --from=build /app/document document
COPY --from=build /app/templates templates
COPY --from=build /app/static static
COPY --from=build /app/build build
# Everything above belongs to root: what runs here cannot change what it runs.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 HOME=/tmp DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-m", "config.alive", "http://localhost:8000/health/alive/"]
CMD ["python", "-m", "config.serve", "--interface", "wsgi", "config.wsgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", "--log-level", "warning"]
