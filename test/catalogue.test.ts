import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** What is live: one file, one entry. A change here is a change of what the bot can do or say. */
const CATALOGUE: Readonly<Record<string, readonly string[]>> = {
  checks: [
    'alarm-corrupt',
    'alarm-nospace',
    'auto-compaction',
    'calico-controllers',
    'calico-node',
    'cron-job-churn',
    'dangerous-version',
    'etcd-flags',
    'fragmentation',
    'ip-pools',
    'leader',
    'learner',
    'member-reachable',
    'node-trouble',
    'pods-hanging',
    'quorum-margin',
    'quota-share',
    'raft-lag',
    'revision-spread',
    'uncompacted-history',
    'version-skew',
    'write-probe',
  ],
  collectors: [
    'alarms',
    'calico-parts',
    'certificates',
    'cron-jobs',
    'etcd-pods',
    'ip-pools',
    'live-keys',
    'members',
    'metrics',
    'nodes',
    'pods',
    'status',
    'stored-resources',
    'write-probe',
  ],
  runbooks: ['backup', 'compact', 'defrag', 'disarm', 'fix', 'move-leader', 'restart-pods'],
  steps: ['backup', 'compact', 'defragment', 'disarm', 'move-leader', 'restart-pods', 'write-probe'],
  alerts: [
    'backend-commit-slow',
    'backup-old',
    'certificate-expiry',
    'cluster-unreadable',
    'compaction-stopped',
    'corrupt',
    'dangerous-version',
    'database-growth',
    'database-large',
    'file-descriptors',
    'fragmentation',
    'insufficient-members',
    'leader-changes',
    'learner-stuck',
    'members-down',
    'monitor-blind',
    'no-leader',
    'nospace',
    'peers-slow',
    'proposals-failing',
    'quota-forecast',
    'quota-low',
    'quota-settings',
    'raft-lag',
    'requests-failing',
    'requests-slow',
    'slow-applies',
    'version-skew',
    'wal-fsync-slow',
  ],
  jobs: [
    'deliver',
    'examine',
    'list-clusters',
    'list-history',
    'list-incidents',
    'list-operations',
    'mute',
    'pause',
    'post-digest',
    'post-heads',
    'propose',
    'resume',
    'run-operation',
    'sample',
    'scan-keys',
    'survey',
    'sweep',
    'unmute',
    'watch-churn',
    'watch-reraise',
  ],
  'slack/commands': [
    'alarms',
    'approvals',
    'backup',
    'calico',
    'churn',
    'clusters',
    'compact',
    'defrag',
    'diagnose',
    'disarm',
    'fix',
    'help',
    'history',
    'incidents',
    'keys',
    'members',
    'move-leader',
    'mute',
    'operations',
    'pause',
    'pods',
    'restart-pods',
    'resume',
    'status',
    'unmute',
  ],
};

const FOLDERS = Object.entries(CATALOGUE);
const DIST = new URL('../dist/src/', import.meta.url);

/** An empty list and a folder that does not exist are the same: nothing is live. */
function entriesOf(root: URL, folder: string, extension: string): readonly string[] {
  const path = new URL(`${folder}/`, root);
  if (!existsSync(path)) return [];
  const isEntry = new RegExp(`^[^.]+\\.${extension}$`);
  return readdirSync(path)
    .filter((name) => isEntry.test(name))
    .map((name) => name.slice(0, -extension.length - 1))
    .sort();
}

describe('the catalogue in src', () => {
  it.each(FOLDERS)('%s holds exactly what is listed here', (folder, listed) => {
    expect(entriesOf(new URL('../src/', import.meta.url), folder, 'ts')).toEqual(listed);
  });
});

// The build stands before every test run; a stale one would still offer what was removed.
describe('the catalogue in dist', () => {
  it.each(FOLDERS)('%s holds exactly what is listed here', (folder, listed) => {
    expect(entriesOf(DIST, folder, 'js')).toEqual(listed);
  });
});
