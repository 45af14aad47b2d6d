/*
 * Who set which field: of no use to anybody who reads, and more than half of what the API server sends. It is here
 * so that answers have their real size.
 */

const CONTAINER = Object.fromEntries(
  [
    '.',
    'image',
    'imagePullPolicy',
    'name',
    'resources',
    'terminationMessagePath',
    'terminationMessagePolicy',
  ].map((field) => [field === '.' ? '.' : `f:${field}`, {}]),
);

const POD_SPEC = {
  ...{ 'f:dnsPolicy': {}, 'f:enableServiceLinks': {}, 'f:restartPolicy': {}, 'f:schedulerName': {} },
  ...{ 'f:securityContext': {}, 'f:terminationGracePeriodSeconds': {} },
};

const CONDITION = {
  ...{ '.': {}, 'f:lastProbeTime': {}, 'f:lastTransitionTime': {}, 'f:message': {}, 'f:reason': {} },
  ...{ 'f:status': {}, 'f:type': {} },
};

const POD_STATUS = {
  'f:conditions': Object.fromEntries(
    ['ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'Ready'].map((type) => [
      `k:{"type":"${type}"}`,
      CONDITION,
    ]),
  ),
  ...{ 'f:containerStatuses': {}, 'f:hostIP': {}, 'f:hostIPs': {}, 'f:phase': {}, 'f:startTime': {} },
};

const EVENT = {
  ...{ 'f:count': {}, 'f:firstTimestamp': {}, 'f:involvedObject': {}, 'f:lastTimestamp': {} },
  ...{ 'f:message': {}, 'f:reason': {}, 'f:source': { 'f:component': {}, 'f:host': {} }, 'f:type': {} },
};

interface Entry {
  manager: string;
  apiVersion: string;
  time: string;
  fields: object;
  subresource?: string;
}

function entry({ manager, apiVersion, time, fields, subresource }: Entry): object {
  return {
    ...{ manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: fields },
    ...(subresource ? { subresource } : {}),
  };
}

export function podFields(container: string, time: string): readonly object[] {
  const labels = {
    'f:metadata': { 'f:generateName': {}, 'f:labels': { '.': {} }, 'f:ownerReferences': { '.': {} } },
  };
  const spec = { 'f:spec': { 'f:containers': { [`k:{"name":"${container}"}`]: CONTAINER }, ...POD_SPEC } };
  return [
    entry({ manager: 'kube-controller-manager', apiVersion: 'v1', time, fields: { ...labels, ...spec } }),
    entry({
      ...{ manager: 'kubelet', apiVersion: 'v1', time, fields: { 'f:status': POD_STATUS } },
      subresource: 'status',
    }),
  ];
}

export function eventFields(time: string): readonly object[] {
  return [entry({ manager: 'kubelet', apiVersion: 'v1', time, fields: EVENT })];
}

export function plainFields(apiVersion: string, time: string): readonly object[] {
  const fields = { 'f:metadata': { 'f:labels': { '.': {} } }, 'f:spec': {} };
  return [entry({ manager: 'kubectl-client-side-apply', apiVersion, time, fields })];
}
