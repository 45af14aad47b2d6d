import type { Question } from '../../../src/domain/answer.js';
import { GIB, IDS, MIB } from '../../facts.js';
import { kubernetesOf, wedged } from '../../kubernetes.js';
import { makeStage, type Stage } from './stage.js';

/** A cluster in the state that a runbook is for. */
export interface Scenario {
  readonly verb: string;
  readonly options?: Question['options'];
  readonly members?: number;
  prepare(stage: Stage): void;
}

function sized(sizeBytes: number, liveBytes = 300 * MIB): (stage: Stage) => void {
  return ({ cluster }) =>
    cluster.members.forEach((member) => Object.assign(member, { sizeBytes, liveBytes }));
}

function armed({ cluster }: Stage): void {
  cluster.alarms = [{ memberId: IDS[0] ?? '', kind: 'NOSPACE' }];
}

const full = (stage: Stage): void => {
  sized(2 * GIB + 4096)(stage);
  armed(stage);
};

/** Two whose kubelets go on trying, seven that were given up, and some that are nobody's to touch. */
function withPods(wedgedOnes: number): (stage: Stage) => void {
  return ({ cluster }) => {
    const patient = ['p-1', 'p-2'].map((name) => wedged(name, { labels: { kubelet: 'patient' } }));
    const given = Array.from({ length: wedgedOnes }, (_, index) => wedged(`w-${String(index + 1)}`));
    const guarded = wedged('guarded', { guarded: true });
    const bare = wedged('bare', { owner: null });
    const waiting = [{ reason: 'ImagePullBackOff', message: null }];
    const image = wedged('image', { waiting, words: null });
    cluster.kubernetes = kubernetesOf(...patient, ...given, guarded, bare, image);
  };
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  fix: { verb: 'fix', prepare: full },
  defrag: { verb: 'defrag', prepare: sized(1.6 * GIB) },
  compact: { verb: 'compact', prepare: sized(900 * MIB) },
  disarm: { verb: 'disarm', prepare: armed },
  'move-leader': { verb: 'move-leader', prepare: sized(500 * MIB) },
  'fix of one member': { verb: 'fix', members: 1, prepare: full },
  'fix of two members': { verb: 'fix', members: 2, prepare: full },
  'fix of etcd 3.4': {
    verb: 'fix',
    prepare: (stage) => {
      full(stage);
      stage.cluster.tells = false;
    },
  },
  'fix of what pods wait for': {
    verb: 'fix',
    members: 1,
    prepare: (stage) => {
      full(stage);
      withPods(4)(stage);
    },
  },
  'restart-pods': { verb: 'restart-pods', prepare: withPods(3) },
  'fix of data that is too big': {
    verb: 'fix',
    prepare: (stage) => {
      full(stage);
      sized(2 * GIB + 4096, 1.95 * GIB)(stage);
    },
  },
};

export async function staged({ verb, options, members, prepare }: Scenario): Promise<Stage> {
  const stage = makeStage(members);
  prepare(stage);
  await stage.approved(verb, options);
  return stage;
}
