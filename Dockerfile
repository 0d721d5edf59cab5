FROM python:3.13-slim AS built
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/handrail && /opt/handrail/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /opt/handrail/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --create-home --home-dir /srv handrail
COPY --from=built /opt/handrail /opt/handrail
ENV PATH=/opt/handrail/bin:$PATH PYTHONUNBUFFERED=1
USER handrail
WORKDIR /srv
RUN mkdir /srv/var
VOLUME /srv/var
EXPOSE 8000
CMD ["sh", "-c", "handrail migrate && exec handrail serve --host 0.0.0.0 --port 8000"]
