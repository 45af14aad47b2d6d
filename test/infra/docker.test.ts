import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly restart: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const ROOT = new URL('../../', import.meta.url);
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = read('infra/docker/Dockerfile');

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

function imagesOf(text: string): readonly string[] {
  return [...text.matchAll(/^(?:FROM|ARG NODE_IMAGE=)\s*(\S+)/gm)].map(([, image]) => image ?? '');
}

describe('docker-compose.yml', () => {
  it('runs the bot, Redis and three members', () => {
    expect(services.map(([name]) => name)).toEqual(['bot', 'redis', 'etcd-1', 'etcd-2', 'etcd-3']);
  });

  it.each(services)('%s: a pinned image, a restart policy, declared networks and volumes', (_, service) => {
    expect(service.image).toMatch(/:\d+\.\d+/);
    expect(service.restart).toBe('unless-stopped');
    for (const network of service.networks) expect(Object.keys(compose.networks)).toContain(network);
    for (const volume of service.volumes.map((text) => text.split(':')[0] ?? '')) {
      expect(existsSync(new URL(volume, ROOT)) || Object.keys(compose.volumes).includes(volume)).toBe(true);
    }
  });

  it('opens nothing beyond this machine', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:8080:8080']);
    expect(compose.networks).toEqual({ outside: {}, store: { internal: true }, etcd: { internal: true } });
    expect(services.filter(([, service]) => service.networks.includes('outside'))).toHaveLength(1);
  });

  it('has a health check for every service, the bot’s in its image', () => {
    const unchecked = services.filter(([, service]) => service.healthcheck === undefined);
    expect(unchecked.map(([name]) => name)).toEqual(['bot']);
    expect(dockerfile).toMatch(/^HEALTHCHECK [^]*\/healthz/m);
  });

  it('never lets Redis drop or lose an operation', () => {
    expect(compose.services['redis']?.command?.join(' ')).toMatch(
      /--appendonly yes .*--maxmemory-policy noeviction/,
    );
  });

  it('lets the members find each other, with a quota that can be reached in a minute', () => {
    for (const [name, { command }] of services.filter(([service]) => service.startsWith('etcd-'))) {
      expect(command).toContain(`--name=${name}`);
      expect(command).toContain(`--initial-advertise-peer-urls=http://${name}:2380`);
      expect(command?.find((flag) => flag.startsWith('--initial-cluster='))).toContain(
        `${name}=http://${name}:2380`,
      );
      expect(command).toContain('--quota-backend-bytes=67108864');
    }
  });

  it('names the members as the bot’s configuration does', () => {
    const config = parse(read('infra/docker/steward.yaml')) as { clusters: { endpoints: string[] }[] };
    const members = config.clusters[0]?.endpoints.map((endpoint) => new URL(endpoint).hostname);
    expect(members).toEqual(['etcd-1', 'etcd-2', 'etcd-3']);
  });

  it('holds no token, and says which one is missing', () => {
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = compose.services['bot']?.environment ?? {};
    expect([SLACK_BOT_TOKEN, SLACK_APP_TOKEN].join()).toMatch(
      /^\$\{SLACK_BOT_TOKEN:\?.*,\$\{SLACK_APP_TOKEN:\?/,
    );
  });
});

describe('the images', () => {
  it('are built on pinned ones', () => {
    const images = [...imagesOf(dockerfile), ...imagesOf(read('infra/docker/etcd.Dockerfile'))];
    const foreign = images.filter((image) => !image.startsWith('$'));
    expect(foreign).toEqual(['node:22.21.1-bookworm-slim', 'debian:13.1-slim']);
  });

  it.each(services.flatMap(([name, { build }]) => (build === undefined ? [] : [{ name, build }])))(
    '$name is built from a file that is there',
    ({ build }) => {
      const path = build.context === '.' ? build.dockerfile : `${build.context}/${build.dockerfile}`;
      expect(existsSync(fileURLToPath(new URL(path, ROOT)))).toBe(true);
    },
  );

  it('run the program as an ordinary user, which gets its signals itself', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", "dist\/src\/main\.js"\]$/m);
    expect(dockerfile).toMatch(/^CMD \["start", "--config", "\/etc\/steward\/steward\.yaml"\]$/m);
  });

  it('copy only what the build context lets through', () => {
    const allowed = [...read('.dockerignore').matchAll(/^!(.*)$/gm)].map(([, path]) => path ?? '');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(
      ([, paths]) => paths?.split(' ') ?? [],
    );
    expect([...new Set(copied)].sort()).toEqual(allowed.sort());
    for (const path of allowed) expect(existsSync(new URL(path, ROOT))).toBe(true);
  });
});
