import type { Check } from '../domain/finding.js';
import { joined } from '../domain/kubernetes/joined.js';
import { unseen } from '../domain/readings.js';

/** Where the incident began, and what it had to do with etcd. Before all others: it says how they hang together. */
const check: Check = {
  title: 'Pods that hang',
  why: 'A pod that gets no address is how a full etcd shows itself first; it hangs for many other reasons, too',
  runbook: null,
  needs: ['pods'],
  uses: ['members', 'status', 'metrics', 'alarms', 'live-keys', 'write-probe', 'calico-parts', 'cron-jobs'],
  rank: 0,
  run: (snapshot) => [joined(snapshot) ?? unseen('the pods', snapshot.facts.pods)],
};

export default check;
