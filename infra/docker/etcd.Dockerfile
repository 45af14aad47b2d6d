# etcd 3.5 as Debian packages it: with a shell and etcdctl, so that the acts of a plan can be tried by hand.
FROM debian:13.1-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends 'etcd-server=3.5.*' 'etcd-client=3.5.*' \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --no-create-home --uid 10001 member \
  && mkdir -p /var/lib/etcd-data && chown member /var/lib/etcd-data && chmod 700 /var/lib/etcd-data
USER member
VOLUME /var/lib/etcd-data
EXPOSE 2379 2380
ENTRYPOINT ["etcd", "--data-dir=/var/lib/etcd-data"]
