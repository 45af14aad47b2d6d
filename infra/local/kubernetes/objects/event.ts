import { randomBytes } from 'node:crypto';
import { eventFields } from './managed.js';
import { makeMeta, stamp, type KubeObject } from './object.js';

export interface InvolvedObject {
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
  apiVersion: string;
}

export interface KubeEvent extends KubeObject {
  readonly involvedObject: InvolvedObject;
  readonly reason: string;
  readonly message: string;
  readonly source: { component: string; host?: string };
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly count: number;
  readonly type: 'Normal' | 'Warning';
  readonly eventTime: null;
  readonly reportingComponent: string;
  readonly reportingInstance: string;
}

export interface Telling {
  reason: string;
  message: string;
  type: KubeEvent['type'];
  source: KubeEvent['source'];
}

export interface NewEvent extends Telling {
  about: InvolvedObject;
  firstAt: number;
  lastAt: number;
  count: number;
}

export function makeEvent(given: NewEvent): KubeEvent {
  const { about, reason, message, type, source, firstAt, lastAt, count } = given;
  return {
    metadata: makeMeta({
      name: `${about.name}.${randomBytes(8).toString('hex')}`,
      // Of what has no namespace, events are kept in "default".
      namespace: about.namespace ?? 'default',
      createdAt: firstAt,
      managedFields: eventFields(stamp(firstAt)),
    }),
    ...{ involvedObject: about, reason, message, source },
    ...{ firstTimestamp: stamp(firstAt), lastTimestamp: stamp(lastAt), count, type },
    ...{ eventTime: null, reportingComponent: source.component, reportingInstance: source.host ?? '' },
  };
}
