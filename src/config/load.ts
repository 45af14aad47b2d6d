import { join, resolve } from 'node:path';
import type { Verdict } from '../domain/errors.js';
import { readAlerts } from './alerts.js';
import { readClusters } from './clusters.js';
import type { Config, Environment, Role, SlackSettings } from './config.js';
import { logLevelFrom, slackApiUrlFrom } from './environment.js';
import { besideConfig, ensureAppendable, ensureDirectory } from './files.js';
import { checkId } from './identifiers.js';
import { addIssues } from './issues.js';
import type { Placed } from './names.js';
import { checkPolicyIds } from './policy-checks.js';
import { makeProblems, type Path, type Problems } from './problems.js';
import { salvage } from './raw.js';
import { ClusterEntry } from './cluster-schema.js';
import { ConfigFile, Settings } from './schema.js';
import { readSecrets } from './secrets.js';
import type { KnownRules } from './known-rules.js';
import { type Content, readYaml } from './yaml.js';

export type Loaded =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Stand in for what a cluster must have, so that the rest of it is looked at too. */
const PLACEHOLDER = { name: '-', endpoints: [] };

/** What is loaded for the proof of the audit trail, which needs no token and no credential of a cluster. */
export type Purpose = Role | 'audit';

export interface LoadOptions {
  readonly purpose?: Purpose | undefined;
  /** The alert rules whose thresholds may be configured. */
  readonly rules?: KnownRules | undefined;
}

/** Reads the file and the environment, and reports everything that is wrong in them at once. */
export function loadConfig(file: string, env: Environment, options: LoadOptions = {}): Loaded {
  const { purpose = 'all', rules = new Map() } = options;
  const problems = makeProblems();
  const content = readYaml(file);
  if (!content.ok) return { ok: false, problems: content.reason.split('\n') };
  const config = readConfig(problems, content.value, { file: resolve(file), env, purpose, rules });
  const list = problems.list();
  return list.length > 0 || config === null ? { ok: false, problems: list } : { ok: true, config };
}

interface Origin {
  readonly file: string;
  readonly env: Environment;
  readonly purpose: Purpose;
  readonly rules: KnownRules;
}

function readConfig(problems: Problems, content: Content, origin: Origin): Config | null {
  const { raw, digest } = content;
  const { file, env, purpose, rules } = origin;
  const audits = purpose === 'audit';
  // The role `bot` looks at no credential of a cluster.
  const role = audits ? 'bot' : purpose;
  const parsed = ConfigFile.safeParse(raw);
  if (!parsed.success) addIssues(problems, raw, parsed.error.issues);
  const { clusters, ...rest } = raw;
  const settings = salvage(Settings, rest);
  if (settings === null) return null;
  checkSettings(problems, settings);
  const placed = placedClusters(clusters);
  const common = {
    role,
    digest,
    logLevel: logLevelFrom(problems, env),
    slack: slackSettings(settings, slackApiUrlFrom(problems, env)),
    ...plainSettings(settings),
    clusters: readClusters(problems, placed, { settings, role, file, env }),
    // What is kept for another role is not read to prove the audit trail.
    alerts: readAlerts(problems, { settings, clusters: placed, rules, file, role: audits ? 'reader' : role }),
  };
  const directories = readDirectories(problems, settings, file);
  // Last, for a key is made only where all the rest is right.
  const secrets = readSecrets(problems, { env, role, audits, stateDirectory: directories.stateDirectory });
  return { ...common, ...directories, secrets };
}

function placedClusters(clusters: unknown): readonly Placed[] {
  if (!Array.isArray(clusters)) return [];
  return clusters.flatMap((raw: unknown, index) => {
    const entry =
      typeof raw === 'object' && raw !== null ? salvage(ClusterEntry, { ...PLACEHOLDER, ...raw }) : null;
    return entry === null ? [] : [{ index, entry }];
  });
}

function checkSettings(problems: Problems, settings: Settings): void {
  const channel = settings.slack.alertsChannel;
  if (channel !== undefined) checkId(problems, ['slack', 'alertsChannel'], { kind: 'channel', id: channel });
  checkPolicyIds(problems, ['policy'], settings.policy);
  for (const [name, environment] of Object.entries(settings.environments)) {
    checkPolicyIds(problems, ['environments', name, 'policy'], environment.policy);
  }
}

function slackSettings(settings: Settings, apiUrl: string | null): SlackSettings {
  return { mode: settings.slack.mode, alertsChannel: settings.slack.alertsChannel ?? null, apiUrl };
}

function plainSettings({ http, monitor, limits, redis }: Settings) {
  return {
    http,
    monitor: { intervalMs: monitor.interval, metricsIntervalMs: monitor.metricsInterval },
    limits: { perPersonPerMinute: limits.perPerson, perClusterPerMinute: limits.perCluster },
    redis,
  };
}

function readDirectories(
  problems: Problems,
  settings: Settings,
  file: string,
): Pick<Config, 'stateDirectory' | 'audit'> {
  const stateDirectory = besideConfig(file, settings.stateDirectory);
  const audit = { file: besideConfig(file, settings.audit.file ?? join(stateDirectory, 'audit.jsonl')) };
  // Where the file's own value is wrong, the default stands in for it, and nobody asked for that one to be made.
  if (!problems.has(['stateDirectory'])) note(problems, ['stateDirectory'], ensureDirectory(stateDirectory));
  if (settings.audit.file !== undefined) note(problems, ['audit', 'file'], ensureAppendable(audit.file));
  return { stateDirectory, audit };
}

function note(problems: Problems, path: Path, verdict: Verdict): void {
  if (!verdict.ok) problems.add(path, `${verdict.reason}; give a place that this process may write to`);
}
