import type { AlertSettings } from '../domain/alerting/routing.js';
import type { Cluster } from '../domain/cluster.js';
import type { Secret } from './secret.js';

export const ROLES = ['bot', 'reader', 'monitor', 'executor', 'all'] as const;

/** What a process does. `all`, the default, is everything in one. */
export type Role = (typeof ROLES)[number];

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** The whole configuration of one process: checked, with every default filled in. */
export interface Config {
  readonly role: Role;
  /** SHA-256 of the configuration file, hex. */
  readonly digest: string;
  readonly logLevel: LogLevel;
  readonly stateDirectory: string;
  readonly slack: SlackSettings;
  readonly http: { readonly host: string; readonly port: number };
  readonly monitor: { readonly intervalMs: number; readonly metricsIntervalMs: number };
  /** Commands that are answered. */
  readonly limits: { readonly perPersonPerMinute: number; readonly perClusterPerMinute: number };
  /** Replicas that must have acknowledged a write before an act begins; 0: one, wherever Redis has any. */
  readonly redis: { readonly waitForReplicas: number };
  readonly alerts: AlertsConfig;
  readonly audit: { readonly file: string };
  readonly clusters: readonly ConfiguredCluster[];
  readonly secrets: Secrets;
}

export interface AlertsConfig extends AlertSettings {
  /** Only in the roles `bot` and `all`, which tell them. */
  readonly pagers: readonly PagerSettings[];
  /** Only in the roles `monitor` and `all`, which call it; null: none. */
  readonly heartbeat: { readonly url: Secret } | null;
}

/** Names are unique. */
export type PagerSettings =
  | {
      readonly kind: 'pagerduty';
      readonly name: string;
      /** Base of the Events API v2. */
      readonly url: string;
      readonly routingKey: Secret;
    }
  | {
      readonly kind: 'alertmanager';
      readonly name: string;
      readonly url: string;
      readonly bearerToken: Secret | null;
    }
  | {
      readonly kind: 'webhook';
      readonly name: string;
      readonly url: Secret;
      /** Signs each request. */
      readonly secret: Secret | null;
    };

export interface SlackSettings {
  readonly mode: 'socket';
  readonly alertsChannel: string | null;
  /** Another base than Slack's own API; null: Slack's own. */
  readonly apiUrl: string | null;
}

export interface ConfiguredCluster {
  readonly cluster: Cluster;
  /** Shown as `[secret]` by JSON.stringify and util.inspect. Empty in the role `bot`, which has no business with it. */
  readonly connection: Connection;
}

/** What it takes to get in: contents, not paths. */
export interface Connection {
  readonly tls?: Tls;
  readonly auth?: Auth;
  /** The executor's own identity, only in the roles that make changes; absent: the same. */
  readonly operateTls?: Tls;
  readonly operateAuth?: Auth;
  readonly kubernetes?: KubernetesConnection;
  /** The executor's own; only in the roles that make changes; absent: the same. */
  readonly operateKubernetes?: KubernetesConnection;
  /** One URL for each endpoint, in the same order; absent: each client URL with /metrics. */
  readonly metrics?: readonly string[];
}

/** PEM. An empty object means TLS by the system's own authorities. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface Auth {
  readonly username: string;
  readonly password: string;
}

export interface KubernetesConnection {
  /** The API server's URL. */
  readonly server: string;
  /** Null: by the pod's own service account. The path, too: what the file holds may expire, and be written anew. */
  readonly kubeconfig: { readonly path: string; readonly content: string } | null;
  /** Null: the current one. */
  readonly context: string | null;
}

/** Null: not given, and not needed in this role. */
export interface Secrets {
  readonly slackBotToken: Secret | null;
  readonly slackAppToken: Secret | null;
  readonly slackSigningSecret: Secret | null;
  /** Signs approval records. */
  readonly key: Secret;
  /** May hold a password, so it is never shown either. */
  readonly redisUrl: Secret;
}

/** The environment is handed in: only main touches `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
