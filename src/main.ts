#!/usr/bin/env node
import { Command, Option } from 'commander';
import { verifyAudit, type VerifyFlags } from './audit-verify.js';
import { loadCatalogue } from './adapters/catalogue.js';
import { makeLog } from './adapters/log/logger.js';
import { start as startRole } from './compose.js';
import { ROLES, type Config, type Role } from './config/config.js';
import { configFileFrom } from './config/environment.js';
import { loadConfig, type Purpose } from './config/load.js';
import type { AlertRule } from './domain/alerting/rule.js';
import { TargetError } from './domain/errors.js';
import { discover, type DiscoverFlags } from './discover.js';
import { doctor } from './doctor.js';

interface Flags {
  readonly config?: string;
  readonly role: Role;
}

await program().parseAsync();

function program(): Command {
  const config = new Option('--config <file>', 'configuration file; default: STEWARD_CONFIG');
  const role = new Option('--role <role>', 'what this process does').choices(ROLES).default('all');
  const steward = new Command('etcd-steward').description('A Slack bot that keeps etcd healthy.');
  steward.command('start').description('run the bot').addOption(config).addOption(role).action(start);
  steward
    .command('doctor')
    .description('check configuration, Slack, Redis and every cluster, and say how to mend what is wrong')
    .addOption(config)
    .addOption(role)
    .action(async (flags: Flags) => {
      process.exitCode = await doctor(await load(flags, flags.role), say);
    });
  steward
    .command('discover')
    .description('find etcd in a Kubernetes, and propose a configuration for it on stdout')
    .option('--kubeconfig <file>', 'as kubectl takes it')
    .option('--context <name>', 'one of its contexts; default: the current one')
    .option('--in-cluster', 'in the Kubernetes that this runs in')
    .action(async (flags: DiscoverFlags) => {
      process.exitCode = await discover(flags, { env: process.env, say, tell });
    });
  steward
    .command('audit')
    .description('the record of what was asked, decided and done')
    .command('verify')
    .description('prove that no entry was changed, removed, inserted or moved, or name the first broken one')
    .addOption(config)
    .option('--file <file...>', 'files to prove, rotated ones first; default: the configured one')
    .option('--head <end...>', 'ends of chains as they were posted in Slack: CHAIN:NUMBER:MAC')
    .option('--excerpt', 'the files are exports of /etcd history: prove each entry by itself')
    .action(async (flags: Pick<Flags, 'config'> & VerifyFlags) => {
      process.exitCode = await verifyAudit(await load(flags, 'audit'), flags, say);
    });
  return steward;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** All that is wrong is said at once; nothing is started on half a configuration. */
async function load(flags: Pick<Flags, 'config'>, purpose: Purpose): Promise<Config> {
  const file = flags.config ?? configFileFrom(process.env);
  if (file === null) {
    return fail(['No configuration: give --config FILE or set STEWARD_CONFIG.']);
  }
  const rules = await loadCatalogue<AlertRule>(new URL('./alerts/', import.meta.url));
  const loaded = loadConfig(file, process.env, { purpose, rules });
  return loaded.ok
    ? loaded.config
    : fail([`${file} can't be used:`, ...loaded.problems.map((problem) => `  • ${problem}`)]);
}

function fail(lines: readonly string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

async function start(flags: Flags): Promise<void> {
  const config = await load(flags, flags.role);
  const log = makeLog(config.logLevel, config.role);
  try {
    const running = await startRole(config, log);
    const clusters = config.clusters.map(({ cluster }) => cluster.name);
    log.info({ role: config.role, clusters, port: running.port }, 'etcd-steward is ready');
    stopOnSignal(async () => {
      await running.stop();
      log.info({ role: config.role }, 'etcd-steward has stopped');
    });
  } catch (error) {
    fail([
      `etcd-steward could not start: ${sayingOf(error)}`,
      'Run `etcd-steward doctor` with the same options: it names what is wrong and how to mend it.',
    ]);
  }
}

function sayingOf(error: unknown): string {
  if (error instanceof TargetError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/** The first signal ends in order, after the step at work; a second one is left to the system. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const once = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    void stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', once);
  process.on('SIGINT', once);
}
