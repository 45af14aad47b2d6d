import type { Collector } from '../domain/collector.js';

/** The few values that are taken from every member's /metrics. Answers also while a member is defragmented. */
const metrics: Collector<'metrics'> = {
  read: (reach) => reach.each((member) => member.metrics(reach.deadlineMs)),
};

export default metrics;
