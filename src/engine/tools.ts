import type { Question } from '../domain/answer.js';
import type { OutboxEntry } from '../domain/ports.js';

/** All that jobs can ask of the engine. Which of them a process can do is decided by its role. */
export interface Tools {
  examine(question: Question): Promise<void>;
  propose(question: Question): Promise<void>;
  listClusters(question: Question): Promise<void>;
  listOperations(question: Question): Promise<void>;
  listHistory(question: Question): Promise<void>;
  pause(question: Question): Promise<void>;
  resume(question: Question): Promise<void>;
  listIncidents(question: Question): Promise<void>;
  /** These two take minutes; answer how long to wait where it is not their turn, or null once they have ended. */
  scanKeys(question: Question): Promise<number | null>;
  watchChurn(question: Question): Promise<number | null>;
  mute(question: Question): Promise<void>;
  unmute(question: Question): Promise<void>;
  /** Tells the asker that the job failed, under a reference that the log knows too. */
  mishap(question: Question, reference: string): Promise<void>;
  execute(operationId: string): Promise<void>;
  watchReraise(operationId: string): Promise<void>;
  sample(cluster: string): Promise<void>;
  sweep(): Promise<void>;
  /** Looks at the monitoring itself: whether it sees, whether it keeps up, and what has to be given back. */
  survey(): Promise<void>;
  /** Posts what is worth knowing of the last day or week, where that is configured. */
  postDigest(): Promise<void>;
  /** Shows where the chains of the audit trail stand. */
  postHeads(): Promise<void>;
  /** Shows the newest state in Slack; answers how long to wait before the next try, or null when it is shown. */
  deliver(entry: OutboxEntry): Promise<number | null>;
}

export type QueueName = 'reads' | 'scans' | 'operations' | 'monitor' | 'outbox';

/** One BullMQ job: the file's name is the job's name. */
export interface JobHandler<T = never> {
  readonly queue: QueueName;
  /** Answers a number of milliseconds when it has to be tried again later, though nothing failed. */
  run(tools: Tools, payload: T): Promise<number | null | undefined>;
  /** Told once the job has failed for good. */
  failed?(tools: Tools, payload: T, reference: string): Promise<void>;
}
