# One image for every part; docker-compose.yaml says which part a container plays. It holds no secret and runs as
# nobody in particular.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
WORKDIR /src
COPY requirements.txt pyproject.toml README.md LICENSE ./
COPY duban ./duban
# The lock as constraints: what only the tests need stays out.
RUN /opt/venv/bin/pip install --constraint requirements.txt "setuptools>=77" \
 && /opt/venv/bin/pip install --constraint requirements.txt --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 50000 --home-dir /var/lib/duban --create-home --shell /usr/sbin/nologin duban \
 && install -d -o duban -g duban -m 700 /var/lib/duban/airflow /var/lib/duban/files /var/lib/duban/archives \
    /var/lib/duban/logs
COPY --from=build /opt/venv /opt/venv
WORKDIR /opt/duban
COPY dags ./dags
COPY plugins ./plugins
COPY include ./include
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUTF8=1 \
    PYTHONUNBUFFERED=1 \
    TZ=Asia/Shanghai \
    DUBAN_INCLUDE=/opt/duban/include \
    DUBAN_FILES=/var/lib/duban/files \
    DUBAN_ARCHIVES=/var/lib/duban/archives \
    AIRFLOW_HOME=/var/lib/duban/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/duban/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/duban/plugins \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/var/lib/duban/logs
USER duban
VOLUME ["/var/lib/duban/files", "/var/lib/duban/archives", "/var/lib/duban/logs"]
EXPOSE 8080
ENTRYPOINT ["python", "-m", "duban.embedded.container"]
CMD ["airflow", "version"]
