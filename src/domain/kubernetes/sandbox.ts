import type { HangCause } from './facts.js';

/*
 * What the kubelet says when a pod's sandbox can't be made (event FailedCreatePodSandBox). The network plugin's own words
 * stand at its end, and decide: the first line that fits, from the surest to the vaguest.
 */

export interface Verdict {
  readonly cause: HangCause;
  readonly confidence: 'certain' | 'likely';
}

type Line = readonly [words: RegExp, cause: HangCause, confidence: Verdict['confidence']];

const LINES: readonly Line[] = [
  // etcd's own refusals, passed on by Calico's plugin or by the API server that stands on the same etcd.
  [/database space exceeded/i, 'address-refused', 'certain'],
  [/\betcdserver: /i, 'address-refused', 'certain'],
  [
    /no more (free )?(addresses|IPs)|IP pools? (is |are )?(exhausted|full)|Assigned 0 out of \d|failed to request IPv[46] addresses|no (free |available )?(IP )?addresses (are )?(left|available)|IPAM[^:]*exhausted/i,
    'pool-exhausted',
    'certain',
  ],
  // Before Kubernetes 1.20 the plugin died of the refusal without a word. It dies so of other things, too.
  [/unexpected end of JSON input|error parsing its diagnostic message/i, 'address-refused', 'likely'],
  [/failed to (get|pull)( and unpack)? sandbox image|pulling sandbox image/i, 'image', 'certain'],
  [
    /\bcni\b|network plugin|networkplugin|plugin type=|set ?up network|setup pod network|network namespace|calico/i,
    'network',
    'certain',
  ],
];

const NOTHING: Verdict = { cause: 'unknown', confidence: 'likely' };

export function sandboxVerdict(message: string): Verdict {
  const line = LINES.find(([words]) => words.test(message));
  return line ? { cause: line[1], confidence: line[2] } : NOTHING;
}
