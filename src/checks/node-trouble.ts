import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import type { NodeRecord } from '../domain/kubernetes/records.js';
import { short } from '../domain/kubernetes/matter.js';
import { names, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { age } from '../domain/units.js';

const check: Check = {
  title: 'Nodes',
  why: 'On a node that is not ready nothing starts, whatever etcd does; a full disk stops pods and members alike',
  runbook: null,
  needs: ['nodes'],
  rank: 1,
  run,
};

const MOST_NAMED = 3;
const MOST_TOLD = 8;

function run(snapshot: Snapshot): readonly Observation[] {
  const nodes = valueOf(snapshot.facts.nodes);
  if (!nodes) return [unseen('the nodes', snapshot.facts.nodes)];
  const down = nodes.filter(({ ready }) => ready !== 'True');
  const sick = nodes.filter(({ ready, troubles }) => ready === 'True' && troubles.length > 0);
  if (down.length === 0 && sick.length === 0)
    return [
      {
        severity: 'ok',
        summary: nodes.length === 1 ? 'The node is well' : `All ${nodes.length} nodes are well`,
      },
    ];
  return [...notReady(down, nodes.length), ...troubled(sick, snapshot.at)];
}

function notReady(down: readonly NodeRecord[], total: number): readonly Observation[] {
  if (down.length === 0) return [];
  return [
    {
      severity: down.length === total ? 'critical' : 'warning',
      summary: `${down.length} of ${total} nodes ${down.length === 1 ? 'is' : 'are'} not ready: ${named(down)}`,
      evidence: atMost(
        down.map(({ name, ready }) =>
          ready === 'Unknown' ? `${short(name)}: its kubelet is not heard of` : `${short(name)}: not ready`,
        ),
      ),
      advice: 'See what they say of themselves: `kubectl describe node`',
    },
  ];
}

function troubled(sick: readonly NodeRecord[], at: number): readonly Observation[] {
  if (sick.length === 0) return [];
  const types = [...new Set(sick.flatMap(({ troubles }) => troubles.map(({ type }) => type)))].map(short);
  const lines = sick.flatMap(({ name, troubles }) =>
    troubles.map(({ type, reason, since }) => {
      const for_ = since === null ? '' : ` for ${age(at - since)}`;
      return `${short(name)}: ${short(type)}${for_}${reason === '' ? '' : ` (${short(reason)})`}`;
    }),
  );
  return [
    {
      severity: 'warning',
      summary: `${names(types.slice(0, MOST_NAMED))} on ${named(sick)}`,
      evidence: atMost(lines),
      advice: types.includes('DiskPressure')
        ? 'Free disk space there: pods are evicted, and images can’t be pulled'
        : 'See what they say of themselves: `kubectl describe node`',
    },
  ];
}

function named(nodes: readonly NodeRecord[]): string {
  const labels = nodes
    .slice(0, MOST_NAMED)
    .map(({ name }) => (name.length > 24 ? `${name.slice(0, 23)}…` : name));
  const more = nodes.length - labels.length;
  return names(more > 0 ? [...labels, `${more} more`] : labels);
}

function atMost(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_TOLD) return lines;
  return [...lines.slice(0, MOST_TOLD), `and ${lines.length - MOST_TOLD} more`];
}

export default check;
