# The command line in an image: docker build -t proofmill . && docker run --rm -v "$PWD/out:/out" proofmill build quickstart --out /out/quickstart
FROM python:3.12-slim AS wheel
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY generator generator
COPY verifiers verifiers
COPY sandboxes sandboxes
COPY recipes recipes
RUN pip wheel --no-deps --wheel-dir /wheels .

FROM python:3.12-slim AS proofmill
ENV PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1
COPY --from=wheel /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -r /wheels \
 && useradd --create-home --uid 10001 miller
USER miller
WORKDIR /home/miller
ENTRYPOINT ["proofmill"]
CMD ["--help"]
